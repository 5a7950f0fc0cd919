"""What should be looked at before a report is approved or published, beside personal data."""

from django.urls import reverse
from django.utils.translation import gettext as _

from measures.checks import Finding, Severity
from measures.report.frozen import WRITING


def unapproved_rounds(plan, report, rounds) -> list[Finding]:
    """Of the plan's `rounds`, those whose results stand in the report all the same.

    They are read only where there are results.
    """
    reported = [one for one in report.rounds if one.reported]
    open_months = {one.months for one in rounds if one.approved_at is None} if reported else ()
    text = _(
        "The progress round of %(months)s months is not approved, but what is reported in it so "
        "far, of %(count)s measures, will be public with the plan. Approve the round before "
        "publishing, or have the plan sent back if these results should not be public yet."
    )
    return [
        _finding(
            text % {"months": one.months, "count": sum(entry.reported for entry in one.entries)},
            plan.get_progress_url(one.months),
        )
        for one in reported
        if one.months in open_months
    ]


def lacking(plan, report, number, *, may_set_up) -> list[Finding]:
    """Of the emblem and the contact, which are kept with the revision when it is sent."""
    agency, review = plan.agency, plan.get_review_url()
    settings = _settings_url(agency) if may_set_up else review
    later = _(
        "Revision %(number)s has no %(what)s: the agency entered it after it was sent. To have it "
        "in the documents and on the public page, have the plan reopened, and sent, approved and "
        "signed again before it is published."
    )
    nowhere = _(
        "Revision %(number)s has no %(what)s, and neither have the agency's settings. To have it "
        "in the documents and on the public page, an agency admin enters it there and reopens the "
        "plan, which is then sent, approved and signed again."
    )
    kinds = (
        (_("emblem"), report.emblem, agency.emblem_id),
        (_("public contact"), report.contact, agency.contact),
    )
    found = []
    for text, url, is_entered in ((later, review, True), (nowhere, settings, False)):
        what = [name for name, sent, now in kinds if not sent and bool(now) is is_entered]
        if what:
            found.append(_finding(text % {"number": number, "what": _(" or ").join(what)}, url))
    return found


def not_entered(plan, *, may_set_up) -> list[Finding]:
    """The same while it is written, when it costs nothing yet."""
    agency = plan.agency
    if plan.state not in WRITING:
        return []
    kinds = ((_("emblem"), agency.emblem_id), (_("public contact"), agency.contact))
    what = [name for name, entered in kinds if not entered]
    if not what:
        return []
    text = _(
        "The agency has no %(what)s yet, and what is sent keeps it so: the documents and the "
        "public page will be without. An agency admin enters it in the settings before the plan is "
        "sent."
    )
    url = _settings_url(agency) if may_set_up else ""
    return [_finding(text % {"what": _(" or ").join(what)}, url)]


def _settings_url(agency):
    return reverse("accounts:settings", args=[agency.code])


def _finding(text, url):
    return Finding(Severity.SHOULD, text, url)
