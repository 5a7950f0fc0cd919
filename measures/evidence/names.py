"""What a file is called: as its owner wrote it, less what a name must not carry."""

import unicodedata
from pathlib import PurePosixPath

LONGEST = 255


def clean_name(name):
    """The name alone (NFC): no path, no sign that is not seen, no dots at its end.

    Thai vowels and tone marks stay, as do spaces and brackets.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if sign.isprintable()).strip().rstrip(". ")
    suffix = suffix_of(name)
    return name[: LONGEST - len(suffix)] + suffix if len(name) > LONGEST else name


def suffix_of(name):
    return PurePosixPath(name).suffix
