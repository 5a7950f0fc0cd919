"""The PDF's objects as bytes."""

import zlib

import pydyf


def page_references(self):
    kids = self.pages["Kids"]
    known = self.__dict__.get("known_references", ())
    if len(known) * 3 != len(kids):
        known = self.known_references = tuple(b"%d 0 R" % number for number in kids[::3])
    return known


stock_to_bytes = pydyf._to_bytes


def to_bytes(item):
    kind = type(item)
    if kind is bytes:
        return item
    if kind is str:
        return item.encode("ascii")
    if kind is int:
        return b"%d" % item
    if kind is float and not item.is_integer():
        return (b"%f" % item).rstrip(b"0")
    return stock_to_bytes(item)


def stream_data(self):
    """Made once: the file is hashed for its identifier after it has been written."""
    if (made := self.__dict__.get("made")) is None:
        made = self.made = compressed(self)
    return made


def compressed(self):
    stream = b"\n".join([item if type(item) is bytes else to_bytes(item) for item in self.stream])
    extra = pydyf.Dictionary(self.extra.copy())
    if self.compress:
        extra["Filter"] = "/FlateDecode"
        stream = zlib.compress(stream, 6)
    extra["Length"] = len(stream)
    return b"\n".join((extra.data, b"stream", stream, b"endstream"))
