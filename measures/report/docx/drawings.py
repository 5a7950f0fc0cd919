"""The charts' own drawings as pictures: lines, areas and circles of SVG."""

import io
import re
from functools import lru_cache

from lxml import html
from PIL import Image, ImageDraw, ImageFont

from measures.report.fetcher import FONT_DIR

#: Pixels a unit of the picture; it is drawn larger, so that slanted lines come out smooth.
SCALE, SMOOTH = 4, 2
FACTOR = SCALE * SMOOTH
#: Around a drawing with labels, and their size; in units.
MARGIN, LABEL = 14, 11
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
LENGTH = re.compile(r"-?[\d.]+")
SHAPES = ("polygon", "path", "rect", "line", "circle")


def picture_of(svg, *, size, labels=()) -> bytes:
    """PNG of an svg element of `size`, width and height in units; lengths in it may be in per cent.

    The labels stand beyond the ends of its first lines, the spokes of a radar.
    """
    return _picture(html.tostring(svg), size, tuple(labels))


def proportion(picture) -> float:
    """Of its width to its height."""
    with Image.open(io.BytesIO(picture)) as image:
        return image.width / image.height


@lru_cache(maxsize=256)
def _picture(code, size, labels):
    """Kept, as the parts of a report and its next download have the same charts."""
    svg = html.fragment_fromstring(code)
    drawing = _Drawing(size, MARGIN if labels else 0)
    for shape in svg.iter(*SHAPES):
        drawing.draw(shape)
    for label, spoke in zip(labels, svg.iter("line"), strict=False):
        drawing.label(label, spoke)
    return drawing.png()


class _Drawing:
    def __init__(self, size, margin):
        self.size, self.margin = dict(zip("xy", size, strict=True)), margin
        pixels = [round((length + 2 * margin) * FACTOR) for length in size]
        self.image = Image.new("RGB", pixels, WHITE)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def draw(self, shape):
        stroke = _colour(shape.get("stroke"))
        fill = _colour(shape.get("fill", "#000000"), float(shape.get("fill-opacity", 1)))
        width = max(round(float(shape.get("stroke-width", 1)) * FACTOR), 1)
        if shape.tag == "circle":
            (x, y), radius = self._spot(shape, "cx", "cy"), float(shape.get("r")) * FACTOR
            box = (x - radius, y - radius, x + radius, y + radius)
            self.pen.ellipse(box, fill=fill, outline=stroke, width=width)
            return
        dashes = [float(one) * FACTOR for one in LENGTH.findall(shape.get("stroke-dasharray", ""))]
        for points, closed in self._lines(shape):
            if closed and fill:
                self.pen.polygon(points, fill=fill)
            ends = points[1:] + points[:1] if closed else points[1:]
            for start, end in zip(points, ends, strict=False) if stroke else ():
                for piece in _dashed(start, end, dashes):
                    self.pen.line(piece, fill=stroke, width=width)

    def label(self, text, spoke):
        (x1, y1), (x2, y2) = self._spot(spoke, "x1", "y1"), self._spot(spoke, "x2", "y2")
        font = ImageFont.truetype(FONT_DIR / "Sarabun-SemiBold.ttf", LABEL * FACTOR)
        beyond = (x2 + (x2 - x1) * 0.1, y2 + (y2 - y1) * 0.1)
        self.pen.text(beyond, text, font=font, fill=BLACK, anchor="mm")

    def _lines(self, shape):
        """(corners, whether the last one is joined with the first) of each stretch."""
        if shape.tag == "line":
            yield [self._spot(shape, "x1", "y1"), self._spot(shape, "x2", "y2")], False
        elif shape.tag == "rect":
            x, y = self._spot(shape, "x", "y")
            right = x + self._length(shape.get("width"), "x")
            bottom = y + self._length(shape.get("height"), "y")
            yield [(x, y), (right, y), (right, bottom), (x, bottom)], True
        else:
            text = shape.get("points") or shape.get("d")
            closed = shape.tag == "polygon" or text.endswith("Z")
            for stretch in filter(None, text.split("M")):
                numbers = [(float(n) + self.margin) * FACTOR for n in LENGTH.findall(stretch)]
                yield list(zip(numbers[::2], numbers[1::2], strict=True)), closed

    def _spot(self, shape, x, y):
        offset = self.margin * FACTOR
        return tuple(
            offset + self._length(shape.get(name), axis) for name, axis in ((x, "x"), (y, "y"))
        )

    def _length(self, text, axis):
        share = self.size[axis] / 100 if text.endswith("%") else 1
        return float(LENGTH.match(text)[0]) * share * FACTOR

    def png(self):
        small = self.image.reduce(SMOOTH)
        content = io.BytesIO()
        small.quantize(32, Image.Quantize.FASTOCTREE).save(content, "PNG")
        return content.getvalue()


def _colour(text, opacity=1.0):
    """Of three or six hexadecimal digits; None for none."""
    if not text or text == "none":
        return None
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    return (*bytes.fromhex(digits), round(255 * opacity))


def _dashed(start, end, dashes):
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    at, number = 0.0, 0
    while at < length:
        until = min(at + dashes[number % len(dashes)], length) if dashes else length
        if number % 2 == 0:
            yield [
                (x1 + (x2 - x1) * part / length, y1 + (y2 - y1) * part / length)
                for part in (at, until)
            ]
        at, number = until, number + 1
