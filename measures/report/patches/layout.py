"""Short ways through the layout for what nearly every box of a report is."""

from math import inf

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout import float as floats
from weasyprint.layout import percent
from weasyprint.text import line_break

SIDES = ("top", "right", "bottom", "left")


def is_in_normal_flow(self):
    style = self.style
    if style["float"] == "none" and style["position"] in ("static", "relative"):
        return True
    return stock_is_in_normal_flow(self)


stock_is_in_normal_flow = boxes.Box.is_in_normal_flow


def page_values(self):
    start = end = self.style["page"]
    for child in self.children:
        if child.is_in_normal_flow() or child.is_floated():
            start = child.page_values()[0] or start
            break
    for child in reversed(self.children):
        if child.is_in_normal_flow() or child.is_floated():
            end = child.page_values()[1] or end
            break
    return start, end


LENGTHS = (
    *(f"{edge}_{side}" for edge in ("margin", "padding") for side in SIDES),
    "width",
    "min_width",
    "max_width",
)
BORDERS = tuple(f"border_{side}_width" for side in SIDES)
stock_resolve_percentages = percent.resolve_percentages


def known_lengths(style):
    """({name: pixels}, names of the lengths that depend on the containing block)."""
    fixed, others = {name: style[name] for name in BORDERS}, []
    for name in LENGTHS:
        value = style[name]
        if type(value) is Dimension and value.unit == "px":
            fixed[name] = value.value
        else:
            others.append(name)
    return fixed, others


def resolve_percentages(box, containing_block):
    style = box.style
    if isinstance(box, boxes.PageBox) or style["border_collapse"] == "collapse":
        stock_resolve_percentages(box, containing_block)
        return
    if isinstance(containing_block, boxes.Box):
        width, height = containing_block.width, containing_block.height
    else:
        width, height = containing_block
    used = box.__dict__
    try:
        fixed, others = style.known_lengths
    except AttributeError:
        fixed, others = style.known_lengths = known_lengths(style)
    used.update(fixed)
    for name in others:
        percent.resolve_one_percentage(box, name, width)
    if height == "auto":
        value = style["height"]
        fixed = type(value) is Dimension and value.unit == "px"
        used["height"] = value.value if fixed else "auto"
        percent.resolve_one_percentage(box, "min_height", 0)
        percent.resolve_one_percentage(box, "max_height", inf)
    else:
        for name in ("height", "min_height", "max_height"):
            percent.resolve_one_percentage(box, name, height)
    if style["box_sizing"] != "content-box":
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")


CORNERS = [
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
]
SQUARE = {name: (0, 0) for name in CORNERS}
stock_resolve_radii = percent.resolve_radii_percentages
stock_rounded_box = boxes.Box.rounded_box


def resolve_radii_percentages(box):
    style = box.style
    try:
        square = style.square
    except AttributeError:
        square = style.square = all((0, "px") in style[name] for name in CORNERS)
    if square:
        box.__dict__.update(SQUARE)
    else:
        stock_resolve_radii(box)


def rounded_box(self, top, right, bottom, left):
    if any(getattr(self, name) != (0, 0) for name in CORNERS):
        return stock_rounded_box(self, top, right, bottom, left)
    return (
        self.border_box_x() + left,
        self.border_box_y() + top,
        self.border_width() - left - right,
        self.border_height() - top - bottom,
        *SQUARE.values(),
    )


stock_avoid_collisions = floats.avoid_collisions


def avoid_collisions(context, box, containing_block, outer=True):
    if (
        context.excluded_shapes
        or box.style["float"] != "none"
        or containing_block.style["direction"] != "ltr"
    ):
        return stock_avoid_collisions(context, box, containing_block, outer)
    start = containing_block.content_box_x()
    end = start + containing_block.width
    if outer:
        return start, box.position_y, end - start
    start += box.margin_left
    end -= box.margin_right
    return start - box.margin_left, box.border_box_y() - box.margin_top, end - start


stock_strut = line_break.strut


def strut(style):
    try:
        return style.known_strut
    except AttributeError:
        style.known_strut = stock_strut(style)
        return style.known_strut
