import hashlib
import io

import hypothesis
import pypdf
import pytest

# A red run must be the change's fault: each run tries the same examples, and how long one takes
# says how busy the machine is.
hypothesis.settings.register_profile("tests", deadline=None, derandomize=True)
hypothesis.settings.load_profile("tests")

# Later than pytest's installed plugins, so that these fixtures override theirs.
pytest_plugins = ["tests.plugins.environment", "tests.plugins.browser", "tests.cast"]


@pytest.fixture(scope="session")
def base_url(live_server):
    """Here, because Playwright registers its own after every plugin."""
    return live_server.url


@pytest.fixture
def quick_rendering(monkeypatch, settings, tmp_path):
    """Where a report is published and no document is read: in the engine's place, a PDF of one
    empty page, another one for another document; empty DOCX and XLSX."""
    from measures.publishing.making import MAKERS
    from measures.report import worker

    for name, (media_type, _maker) in MAKERS.items():
        if name.endswith((".docx", ".xlsx")):
            monkeypatch.setitem(MAKERS, name, (media_type, lambda copy: b""))
    monkeypatch.setattr(worker, "_current_pool", QuickPool)
    # What others read again must not be one of these.
    settings.REPORT_CACHE_DIR = tmp_path / "quick"


class QuickPool:
    def render(self, request, **options):
        page = io.BytesIO()
        writer = pypdf.PdfWriter()
        writer.add_blank_page(595, 842)
        writer.add_metadata({"/Title": hashlib.sha256(request).hexdigest()})
        writer.write(page)
        return page.getvalue()
