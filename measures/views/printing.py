"""How the person who asks wants a document printed."""

from measures.report.content import Printing

DIGITS = ("arabic", "thai")


def printing_of(request, agency) -> Printing:
    """`?digits=thai` or `arabic`, else as the agency prints."""
    digits = request.GET.get("digits")
    thai = digits == "thai" if digits in DIGITS else agency.thai_digits
    return Printing(thai_digits=thai)
