"""What three readers of PDF find in one."""

import io
import re
import shutil
import subprocess

import pypdf
import pypdfium2


def by_pypdf(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def by_pdfium(pdf):
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def by_poppler(pdf):
    command = ["pdftotext", "-raw", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


READERS = {"pypdf": by_pypdf, "PDFium": by_pdfium}
if shutil.which("pdftotext"):
    READERS["pdftotext -raw"] = by_poppler


def squashed(text):
    """Without white space, as lines end at other places in the source."""
    return re.sub(r"\s", "", text)
