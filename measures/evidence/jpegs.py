"""A JPEG without what a camera wrote about it, its picture untouched byte for byte."""

START, SCAN, END = 0xD8, 0xDA, 0xD9
#: Pieces that describe how to draw it: JFIF, colour profile, Adobe's transform.
KEPT_APPLICATIONS = {0xE0, 0xE2, 0xEE}
COMMENT = 0xFE
#: Marks inside the picture's data that no length follows.
IN_DATA = {0x00, *range(0xD0, 0xD8), 0xFF}


def without_metadata(data):
    """Also without what follows the picture, as a second one; what is no JPEG stays as it is."""
    if data[:2] != bytes((0xFF, START)):
        return data
    kept, place = [data[:2]], 2
    while (found := data.find(b"\xff", place)) >= 0 and found + 1 < len(data):
        kept.append(data[place:found])
        mark = data[found + 1]
        if mark in IN_DATA or mark == END:
            # A run of filling bytes: the next one may begin a mark.
            place = found + (1 if mark == 0xFF else 2)
            kept.append(data[found:place])
            if mark == END:
                return b"".join(kept)
            continue
        place = found + 2 + int.from_bytes(data[found + 2 : found + 4], "big")
        described = 0xE0 <= mark <= 0xEF and mark not in KEPT_APPLICATIONS
        if not described and mark != COMMENT and not _is_index(data[found:place]):
            kept.append(data[found:place])
    return b"".join([*kept, data[place:]])


def _is_index(piece):
    """Of further pictures in the same file, which are cut off."""
    return piece[4:8] == b"MPF\0"
