"""What goes over the pipes between the web process and its worker process."""

import struct

HEADER = struct.Struct("!cI")

DONE = b"+"  # the body is the document, or empty when the process says it is warm
FAILED = b"-"  # the body is a JSON list of lines; the process is ready for the next request
ENDING = b"!"  # the same, and the process ends
LAID_OUT = b"."  # the number of pages laid out so far; the answer is still to come


def write_frame(stream, kind, body):
    rest = memoryview(HEADER.pack(kind, len(body)) + body)
    while rest:
        rest = rest[stream.write(rest) :]
    stream.flush()


def read_frame(stream):
    """Returns (kind, body), or None when the other side has ended."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    body = stream.read(length)
    return (kind, body) if len(body) == length else None
