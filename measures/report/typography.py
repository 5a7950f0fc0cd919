"""Thai line breaking that Pango's dictionary does not get right by itself."""

import re
from html import escape

NO_BREAK_SPACE = "\u00a0"

# Signs that come with text pasted from Word and that Sarabun has no glyph for.
LEGIBLE = {
    **dict.fromkeys(range(0x20), " "),
    **{ord(kept): kept for kept in "\t\n\r"},
    **dict.fromkeys(range(0xF020, 0xF100), "•"),  # the private codes of its symbol fonts
    **dict.fromkeys(map(ord, "●○◦◉◆◇▪▫▶►‣⁃‧・➢➤"), "•"),
    **dict.fromkeys(map(ord, "✓✔"), "√"),
    ord("℃"): "°C",
    # Ends of lines that HTML does not know as such, and what turns the order of Latin letters.
    **dict.fromkeys((0x2028, 0x2029), " "),
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),
}

NUMBER = r"[-+−–]? ?[0-9๐-๙][0-9๐-๙.,]*"
MONTH = "(?:มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม)"
SHORT_MONTH = "(?:ม\\.ค|ก\\.พ|มี\\.ค|เม\\.ย|พ\\.ค|มิ\\.ย|ก\\.ค|ส\\.ค|ก\\.ย|ต\\.ค|พ\\.ย|ธ\\.ค)\\."
NOT_BROKEN = re.compile(
    "|".join(
        (
            # A break after an opening quotation mark, and inside names the dictionary lacks.
            "“[^”\n]{1,18}”",
            r"(?:ตำบล|อำเภอ|จังหวัด)[ก-๎]{2,16}(?=[\s,.)]|$)",
            # Short enough for a narrow column too.
            f"(?P<date>(?:[0-9๐-๙]{{1,2}} )?(?:{MONTH}|{SHORT_MONTH}) ?[0-9๐-๙]{{4}})",
            f"(?:[0-9๐-๙]{{1,2}} )?{MONTH} (?:พ\\.ศ\\. ?)?[0-9๐-๙]{{4}}",
            r"พ\.ศ\. ?[0-9๐-๙]{4}",
            f"ร้อยละ ?{NUMBER}",
            rf"\({NUMBER} คะแนน\)",
        )
    )
)


def typeset(text):
    """Escaped HTML in which short quotes, names, years and amounts stay on one line.

    Needs the rule `.nb { white-space: nowrap }`. A no-break space keeps ๆ with its word.
    """
    text = re.sub(r"(?<=\S) +(?=ๆ)", NO_BREAK_SPACE, str(text).translate(LEGIBLE))
    parts = []
    end = 0
    for match in NOT_BROKEN.finditer(text):
        parts.append(escape(text[end : match.start()]))
        kind = "nb date" if match["date"] else "nb"
        parts.append(f'<span class="{kind}">{escape(match[0])}</span>')
        end = match.end()
    parts.append(escape(text[end:]))
    return "".join(parts)
