"""Which units of the agency's list a text of those responsible names, and as what to be chosen."""

import re

_BOUND = r"\s,;:/().•·–-"
_BETWEEN = re.compile(rf"[{_BOUND}]|และ|กับ")
_NUMBER = re.compile(r"(?:^|\s)[(]?[0-9๐-๙]{1,2}[.)](?=\s|$|[^0-9๐-๙])")
#: Shorter is what many names begin with: กอง, สำนัก, หน่วย.
_SHORTEST = 6


def units_named(text, names):
    """Those of `names` that the text names as whole names, each once, in the order of the text.

    The begin of a name stands for it where no other name begins so.
    """
    return list(dict.fromkeys(name for line in text.splitlines() for name in _of(line, names)[0]))


def units_of(measure, names):
    """What the measure may be looked for by: units of the list, else its lines as they stand."""
    found = []
    for line in measure.responsible.splitlines():
        plain = line.strip(" -•")
        found += _of(line, names)[0] or [plain] * bool(plain)
    return list(dict.fromkeys(found))


def one_a_line(text, names):
    """A line that holds nothing but units of the list becomes a line for each, as written."""
    lines = []
    for line in text.splitlines():
        _named, written, rest = _of(line, names)
        lines += written if len(written) > 1 and not rest else [line]
    return "\n".join(lines)


def _of(line, names):
    """Names of the line, how they are written there, and what else it says."""
    named = []

    def take(name, found):
        named.append((found.start(), name, found[0]))
        return " " * len(found[0])

    # A longer name may hold a shorter one.
    for name in sorted(names, key=len, reverse=True):
        whole = rf"(?:^|(?<=[{_BOUND}])|(?<=และ)|(?<=กับ)){re.escape(name)}(?=$|[{_BOUND}]|และ|กับ)"
        line = re.sub(whole, lambda found, name=name: take(name, found), line)
    line = _NUMBER.sub(lambda found: " " * len(found[0]), line)
    others = []
    for part in re.finditer(r"\S+", _BETWEEN.sub(lambda found: " " * len(found[0]), line)):
        begun = [name for name in names if name.startswith(part[0])]
        if len(part[0]) >= _SHORTEST and len(begun) == 1:
            take(begun[0], part)
        else:
            others.append(part[0])
    named.sort()
    return [name for _at, name, _text in named], [text for _at, _name, text in named], others
