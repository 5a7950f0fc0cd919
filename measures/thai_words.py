"""Splits text into words, Thai too, which is written without spaces: by libthai, as Pango does."""

import ctypes
import re
from functools import cache

#: A stretch of Thai, a word or number of other letters, white space, or any other sign.
_STRETCH = re.compile(
    r"(?P<thai>[\u0e00-\u0e7f]+)|\d+(?:[.,]\d+)*|[^\W\u0e00-\u0e7f]+[\u0300-\u036f]*|\s+|.", re.S
)
#: Signs that cling to the consonant before them; a leading vowel binds what follows it.
_CLINGING = re.compile(r"[\u0e30-\u0e3a\u0e45-\u0e4e]")
_LEADING = re.compile(r"[\u0e40-\u0e44]")


def words(text: str) -> list[str]:
    """The words, spaces and signs of a text, in order; joined they are the text again."""
    found = []
    for stretch in _STRETCH.finditer(text):
        if stretch["thai"]:
            found.extend(_thai_words(stretch[0]))
        else:
            found.append(stretch[0])
    return found


def _thai_words(text):
    start = 0
    for end in [*_breaks(text), len(text)]:
        # libthai knows this too; a text must not come apart where its dictionary has a gap.
        if end == len(text) or not (_CLINGING.match(text[end]) or _LEADING.match(text[end - 1])):
            yield text[start:end]
            start = end


def _breaks(text):
    library, breaker = _libthai()
    # Never as many breaks as signs; the sign that ends the string is the type's own.
    places = (ctypes.c_int * len(text))()
    count = library.th_brk_wc_find_breaks(breaker, text, places, len(text))
    return sorted({place for place in places[: max(count, 0)] if 0 < place < len(text)})


@cache
def _libthai():
    # PyDLL keeps the interpreter's lock during a call: one dictionary serves all threads.
    library = ctypes.PyDLL("libthai.so.0")
    library.th_brk_new.argtypes = [ctypes.c_char_p]
    library.th_brk_new.restype = ctypes.c_void_p
    library.th_brk_wc_find_breaks.argtypes = [
        ctypes.c_void_p,
        ctypes.c_wchar_p,
        ctypes.POINTER(ctypes.c_int),
        ctypes.c_size_t,
    ]
    library.th_brk_wc_find_breaks.restype = ctypes.c_int
    breaker = library.th_brk_new(None)
    if not breaker:
        raise OSError("libthai has no dictionary: install libthai-data.")
    return library, breaker
