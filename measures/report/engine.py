"""HTML to PDF or DOCX, in a process of its own: WeasyPrint is not thread-safe, may crash or hang.

Started by `measures.report.worker`, never imported by the web process. No Django in here.
"""

import gc
import json
import logging
import os
import queue
import resource
import sys
import threading
import time
from base64 import b64decode

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from measures.report import patches, terms
from measures.report.docx.making import make
from measures.report.fetcher import BASE_URL, PackagedFiles, Refused
from measures.report.frames import DONE, ENDING, FAILED, read_frame, write_frame
from measures.report.pages import PagesLaidOut
from measures.report.patches.conformance import VARIANT
from measures.report.patches.fonts import add_font_file

FACES = ("Regular", "Italic", "SemiBold", "Bold", "BoldItalic")
WARM_UP = (
    '<!doctype html><html lang="th"><title>อุ่นเครื่อง</title>'
    "<h1>การดำเนินการ</h1><table><tr><th>ที่<td><b>น้ำ</b></table>"
)
PNG = b"\x89PNG\r\n\x1a\n"
LINKS = ("#", "https://", "http://", "mailto:", "tel:")


class RenderError(Exception):
    """args are the lines that say why there is no PDF."""


class Fetcher(URLFetcher):
    def __init__(self, files, complain):
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.files = files
        self.complain = complain

    def fetch(self, url, headers=None):
        try:
            body, media_type = self.files.read(url)
        except Refused as error:
            self.complain(str(error))  # WeasyPrint hides what goes wrong inside an SVG image.
            raise
        return URLFetcherResponse(url, body, {"Content-Type": media_type})


class Complaints(logging.Handler):
    """Keeps what WeasyPrint warns of, because it goes on with a damaged page."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


class Engine:
    """One font configuration for the life of the process."""

    def __init__(self, files=None):
        patches.install()
        self.complaints = Complaints()
        logging.getLogger("weasyprint").addHandler(self.complaints)
        self.fetcher = Fetcher(files or PackagedFiles(), self.complaints.lines.append)
        self.fonts = FontConfiguration()
        for face in FACES:
            path = self.fetcher.files.path(f"{BASE_URL}fonts/Sarabun-{face}.ttf")
            add_font_file(self.fonts, path)
        with terms.known():
            self.render(WARM_UP)
        gc.collect()
        gc.freeze()

    def render(self, html, title="", images=None):
        """Returns the PDF's bytes; RenderError if anything at all was wrong."""
        self.complaints.lines.clear()
        given = {name: b64decode(body) for name, body in (images or {}).items()}
        if wrong := [name for name, body in given.items() if not body.startswith(PNG)]:
            raise RenderError(f"no PNG: {', '.join(wrong)}")
        self.fetcher.files.given = given
        try:
            source = weasyprint.HTML(string=html, base_url=BASE_URL, url_fetcher=self.fetcher)
            refuse_unsafe_elements(source.etree_element)
            document = source.render(font_config=self.fonts, pdf_variant=VARIANT)
            if title:
                document.metadata.title = title
            pdf = document.write_pdf(pdf_variant=VARIANT)
        except (FatalURLFetchingError, Refused) as error:
            raise RenderError(*(self.complaints.lines or [str(error)])) from error
        if self.complaints.lines:
            raise RenderError(*self.complaints.lines)
        return pdf


def refuse_unsafe_elements(root):
    """Attachments carry whole files out; a relative link leads nowhere from a saved PDF."""
    for element in root.iter("a"):
        href = element.get("href", "").strip()
        if href and not href.lower().startswith(LINKS):
            raise RenderError(f"link refused: {href[:200]}")
    for element in (*root.iter("a"), *root.iter("link")):
        if "attachment" in element.get("rel", "").lower().split():
            raise RenderError(f"attachment refused: {element.get('href', '')[:200]}")


def answer(engine, body):
    """Returns the frame to send: its kind and its body."""
    try:
        request = json.loads(body)
        if "docx" in request:
            return DONE, make(**request["docx"])
        return DONE, engine.render(**request)
    except RenderError as error:
        return FAILED, json.dumps(error.args).encode()
    except Exception as error:
        # Its caches may be half built: better a fresh process than a wrong page later.
        return ENDING, json.dumps([f"{type(error).__name__}: {error}"]).encode()


def limit_time(seconds):
    """Of the processor, from now on; beyond them the process ends by SIGXCPU."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    limit = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def main(memory_mb, seconds):
    limit = memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    requests = queue.SimpleQueue()

    def read_requests():
        try:
            while frame := read_frame(sys.stdin.buffer):
                requests.put(frame[1])
        finally:
            os._exit(0)  # The web process is gone: nobody waits for the page being rendered.

    threading.Thread(target=read_requests, daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # A library that prints must not break the frames.
    engine = Engine()
    write_frame(answers, DONE, b"")
    PagesLaidOut(answers)
    gc.disable()
    kind = DONE
    while kind != ENDING:
        request = requests.get()
        limit_time(seconds)
        kind, body = answer(engine, request)
        write_frame(answers, kind, body)
        gc.collect()  # After the answer, when nobody waits.


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
