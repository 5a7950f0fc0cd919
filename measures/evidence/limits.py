"""How much may be attached: one place for the gate, the pages and the middleware."""

from accounts.uploads import MB

#: Of one file, in bytes.
FILE_BYTES = 20 * MB
#: Of one request, in files; its bytes are settings.MAX_REQUEST_BYTES.
REQUEST_FILES = 20
#: Of one agency, all years together, in bytes; what was replaced or taken out counts too.
AGENCY_BYTES = 5 * 1024 * MB
#: Of a DOCX or XLSX, unpacked, in bytes.
UNPACKED_BYTES = 100 * MB
#: A report with photographs has a part a picture, hence more than a workbook of scores.
ARCHIVE_PARTS = 1_000
#: Of a PDF whose public copy is made.
PDF_PAGES = 2_000
