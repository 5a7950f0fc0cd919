"""The open data as it comes back in a file: checked by its shape before anything believes it."""

import json
import re
import zipfile

from django.utils.translation import gettext as _

from measures.publishing.data import VERSION
from measures.publishing.schemas import DOCUMENT

#: Of the document, unpacked; the largest plan that the portal takes stays far below.
MAX_BYTES = 16 * 1024 * 1024
MAX_PARTS = 5000
NAME = "data.json"
PACKED = b"PK\x03\x04"

_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
#: Neither database keeps these.
_UNKEPT = re.compile("[\0\ud800-\udfff]")


class Refused(ValueError):
    """The file is not imported. The message says where in it, and why."""


def read_document(path) -> dict:
    """Of a data.json, or of the copy for other sites that holds one; raises Refused."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(PACKED)) == PACKED
            file.seek(0)
            content = _unpacked(file) if is_packed else file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(error.strerror) from error
    if len(content) > MAX_BYTES:
        raise Refused(
            _("The data in it is larger than %(limit)s MB, so it is not a report's open data.")
            % {"limit": MAX_BYTES // 1024**2}
        )
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise Refused(
            _("It is not open data. Choose the %(name)s of a publication, or its ZIP.")
            % {"name": NAME}
        ) from error
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise Refused(
            _("Its data is not of version %(version)s, which is the one that can be imported.")
            % {"version": VERSION}
        )
    _check(document, DOCUMENT, "")
    return document


def _unpacked(file):
    try:
        with zipfile.ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if _is_document(part.filename)]
            if len(parts) != 1 or len(archive.infolist()) > MAX_PARTS:
                raise Refused(_("The ZIP does not hold one %(name)s.") % {"name": NAME})
            # Not what the archive says of its size, which may be wrong, but what comes out.
            with archive.open(parts[0]) as content:
                return content.read(MAX_BYTES + 1)
    except Refused:
        raise
    # A broken archive may raise anything from deep inside, NotImplementedError for one.
    except Exception as error:
        raise Refused(_("The ZIP cannot be read. Get the file again.")) from error


def _is_document(name):
    return name.rpartition("/")[2] == NAME


def _object(pairs):
    """Of a name that stands twice nobody knows which was read by whoever looked at the file."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _no_number(name):
    raise ValueError(name)


def _check(value, schema, place):
    """What the schemas of the open data use of JSON Schema, and no more."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    wanted = tuple(_TYPES[name] for name in types)
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise _wrong(place, schema)
    if isinstance(value, dict):
        _check_fields(value, schema, place)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check(item, schema["items"], f"{place}[{number}]")
    elif isinstance(value, int):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", 10_000):
            raise _wrong(place, schema)
    elif isinstance(value, str) and not _is_text(value, schema):
        raise _wrong(place, schema)
    if value is not None and value not in schema.get("enum", [value]):
        raise _wrong(place, schema)


def _is_text(value, schema):
    return not _UNKEPT.search(value) and re.search(schema.get("pattern", ""), value)


def _check_fields(value, schema, place):
    known, others = schema.get("properties", {}), schema["additionalProperties"]
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        raise Refused(_("%(place)s is missing.") % {"place": _inside(place, missing[0])})
    names = schema.get("propertyNames", {}).get("pattern", "")
    for name, item in value.items():
        if (name not in known and not others) or not re.search(names, name):
            raise Refused(_("%(place)s is not known.") % {"place": _inside(place, name[:50])})
        _check(item, known.get(name, others), _inside(place, name[:50]))


def _inside(place, name):
    return f"{place}.{name}" if place else name


def _wrong(place, schema):
    facts = {"place": place, "meaning": schema["description"]}
    return Refused(_("%(place)s is not what belongs there: %(meaning)s") % facts)
