"""What libthai breaks and no word of its dictionary can keep together, as it is no Thai word."""

import re

from weasyprint.text.ffi import ffi, pango
from weasyprint.text.line_break import Layout

#: An opening quotation mark and what it opens; "and so on" with its two signs; a number and what it
#: counts.
UNBROKEN = re.compile(r"[“‘«]+\S|ฯลฯ|ฯพณฯ|[0-9๐-๙] (?:คะแนน|บาท|มาตรการ|ตัวชี้วัด|เดือน|ครั้ง)")

ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);")
stock_set_text = Layout.set_text


def set_text(self, text, justify=False):
    stock_set_text(self, text, justify)
    if not UNBROKEN.search(self.text):
        return
    attributes = pango.pango_layout_get_attributes(self.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for signs in UNBROKEN.finditer(self.text):
        attribute = pango.pango_attr_allow_breaks_new(False)
        attribute.start_index = len(self.text[: signs.start()].encode())
        attribute.end_index = attribute.start_index + len(signs[0].encode())
        pango.pango_attr_list_insert(attributes, attribute)
    pango.pango_layout_set_attributes(self.layout, attributes)
