"""Thai digits for a whole document, by one switch."""

import re

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
#: What people type again or compare sign by sign: addresses, codes such as O42 and A4, hashes.
CODES = re.compile(
    r"https?://\S+|www\.\S+"
    r"|\b(?=[0-9 ]*[a-f])[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b"
    r"|[\w.+-]+@[\w.-]+"
    r"|(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*"
    r"|[0-9._:/#%&=?~+-]*[A-Za-z][A-Za-z0-9._:/#%&=?~+-]*",
    re.IGNORECASE,
)


def thai_digits(text):
    """๒๕๖๕ for 2565; codes with Latin letters, addresses and hashes keep theirs."""
    parts, end = [], 0
    for code in CODES.finditer(text):
        parts += text[end : code.start()].translate(THAI), code[0]
        end = code.end()
    return "".join((*parts, text[end:].translate(THAI)))
