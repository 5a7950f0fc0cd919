"""From an uploaded file to entries, by the names of the indicators of every year."""

from assessments.exchange.columns import Words
from assessments.exchange.entries import Reading, read_entries
from assessments.exchange.files import read_sheets
from assessments.exchange.names import Names
from assessments.models import Framework


def read_file(name: str, content: bytes, **page) -> Reading:
    """Three queries; `page` as in `read_entries`. Raises UnreadableFile."""
    sheets = read_sheets(name, content)
    frameworks = Framework.objects.prefetch_related("instruments__indicators")
    words = Words({framework.year: Names.of(framework) for framework in frameworks})
    return read_entries(sheets, words, **page)
