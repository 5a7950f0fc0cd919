"""Photographs, scans and emblems, JPG and PNG: looked at and drawn anew, one at a time."""

import threading

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from accounts.uploads import Refused, not_really

#: Of a picture. Decoded, this many take 160 MB.
PIXELS = 40_000_000
#: One picture at a time in a process, so that several people's do not add up in its memory.
_decoding = threading.Lock()
QUALITY = 85
TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def check(file, name):
    """Its size stands at its beginning, and is judged before anything is decoded."""
    with _opened(file, name) as picture, _decoding:
        # WeasyPrint, where it has been imported, lets broken pictures pass.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            if picture.format == "PNG":
                picture.verify()
            else:
                # At an eighth of its size: enough to know that it is whole.
                picture.draft("RGB", (picture.width // 8, picture.height // 8))
                picture.load()
        # A broken picture may raise anything from deep inside.
        except Exception as error:
            raise not_really(name, _label(picture)) from error


def write_public(file, name, into):
    """Drawn anew: upright, without place, time, camera or anything else that is not seen."""
    with _opened(file, name) as picture, _decoding:
        kind = "PNG" if picture.format == "PNG" else "JPEG"
        try:
            upright = ImageOps.exif_transpose(picture)
        except Exception as error:
            raise not_really(name, _label(picture)) from error
        if kind == "JPEG" and upright.mode not in ("RGB", "L"):
            upright = upright.convert("RGB")
        # What stands here would be written into the copy.
        upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
        upright.save(into, kind, quality=QUALITY)


def write_small(file, name, into, side):
    """A PNG of at most `side` pixels each way, what is transparent kept; nothing else is."""
    with _opened(file, name) as picture, _decoding:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            picture.draft("RGB", (side, side))
            small = ImageOps.exif_transpose(picture).convert("RGBA")
            small.thumbnail((side, side), Image.Resampling.LANCZOS)
        except Exception as error:
            raise not_really(name, _label(picture)) from error
        if small.getextrema()[3] == (255, 255):
            small = small.convert("RGB")
        small.info = {}
        small.save(into, "PNG", optimize=True)


def _opened(file, name):
    try:
        picture = Image.open(file, formats=("JPEG", "PNG"))
    except TOO_MANY as error:
        raise _too_many_pixels(name) from error
    except Exception as error:
        raise not_really(name, _("a picture")) from error
    if picture.width * picture.height > PIXELS:
        raise _too_many_pixels(name)
    return picture


def _label(picture):
    return "PNG" if picture.format == "PNG" else "JPG"


def _too_many_pixels(name):
    return Refused(
        _("“%(name)s” has more than %(most)s million pixels. Shrink the picture.")
        % {"name": name, "most": PIXELS // 1_000_000}
    )
