"""The open data of a report: one JSON document, the same in the file, the API and the database."""

VERSION = "1.0"


def public_data(report, *, agency) -> dict:
    """What the report says, by stable names: years BE, days ISO, points 0–100 as texts."""
    return {
        "version": VERSION,
        "agency": {"code": agency.code, "name": report.agency},
        "year": report.year,
        "result_year": report.result_year,
    }
