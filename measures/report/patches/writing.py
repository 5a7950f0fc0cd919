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


stock_write = pydyf.PDF.write
#: Number of the object → its bytes, while one file is written.
made = None


def write(self, *arguments, **options):
    """Every object is made into bytes once: they are hashed for the file's identifier as well."""
    global made
    made = {}
    try:
        stock_write(self, *arguments, **options)
    finally:
        made = None


def once(make):
    def data(self):
        if made is None or not self.number:
            return make(self)
        if self.number not in made:
            made[self.number] = make(self)
        return made[self.number]

    return property(data)


names = {}


def dictionary_data(self):
    parts = []
    for key, value in self.items():
        name = names.get(key)
        if name is None:
            name = names[key] = b"/%b " % to_bytes(key)
        parts.append(name + to_bytes(value))
    return b"<<%b>>" % b"".join(parts)


def stream_data(self):
    stream = b"\n".join([item if type(item) is bytes else to_bytes(item) for item in self.stream])
    extra = pydyf.Dictionary(self.extra.copy())
    if self.compress:
        extra["Filter"] = "/FlateDecode"
        stream = zlib.compress(stream, 6)
    extra["Length"] = len(stream)
    return b"\n".join((extra.data, b"stream", stream, b"endstream"))
