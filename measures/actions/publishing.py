"""Publishes a plan's signed revision at its permanent address, and withdraws it."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from measures.actions.moves import NO_REASON, begin, finish
from measures.actions.signing import as_read
from measures.models import Publication, PublishedFile
from measures.publishing.making import Copy, make_all
from measures.report.edition import edition
from measures.workflow import TRANSITIONS, Move

LONGEST_ADDRESS = Publication._meta.get_field("own_url").max_length


def publish(*, plan, by, digest, own_url="", thai_digits=False):
    """Stores what the public gets of the revision of this `digest`, the one the person has seen.

    `own_url`: the page on the agency's own site. Returns (publication, the people who were told).
    Raises RenderBusy and RenderFailed, with nothing changed.
    """
    transition = TRANSITIONS[Move.PUBLISH]
    require(by, transition.permission, plan.agency, plan.state, plan.closed)
    own_url = _address(own_url)
    # Before anything is locked: it takes seconds.
    made = next_copy(plan, as_read(plan, digest), thai_digits)
    files, number = make_all(made), made.number
    with transaction.atomic():
        plan = begin(plan, transition, by)
        revision = as_read(plan, digest)
        if number != _next_number(plan):
            raise ValidationError(
                _("Somebody else has just published it. Look at the publication."), code="published"
            )
        publication = Publication.objects.create(
            plan=plan,
            revision=revision,
            number=number,
            published_at=made.at,
            published_by=by,
            own_url=own_url,
            thai_digits=thai_digits,
            edition=edition(),
            data=made.data,
        )
        PublishedFile.objects.bulk_create(
            PublishedFile(
                publication=publication,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                digest=file.digest,
                content=file.content,
            )
            for file in files
        )
        facts = {"version": number, "url": publication.get_absolute_url(), "own_url": own_url}
        told = finish(plan, transition, by, revision, **facts)
    return publication, told


@transaction.atomic
def withdraw_publication(*, publication, by, reason):
    """One version, whatever replaced it and wherever its plan stands; the others stay public.

    A published plan waits again to be published where it was the newest. Returns who was told.
    """
    transition = TRANSITIONS[Move.WITHDRAW]
    plan = begin(publication.plan, transition, by)
    publication = plan.publications.select_related("revision").get(pk=publication.pk)
    if publication.is_withdrawn:
        raise ValidationError(_("This version was withdrawn before."), code="withdrawn")
    reason = reason.strip()
    if not reason:
        raise ValidationError(NO_REASON[Move.WITHDRAW], code="reason")
    publication.withdraw(by=by, reason=reason, at=timezone.now())
    is_newest = publication.number + 1 == _next_number(plan)
    waits_again = is_newest and plan.state in transition.sources
    return finish(
        plan,
        transition,
        by,
        publication.revision,
        target=transition.target if waits_again else plan.state,
        reason=reason,
        version=publication.number,
    )


def next_copy(plan, revision, thai_digits) -> Copy:
    """How the revision would be published now."""
    revision.plan = plan
    return Copy(revision, _next_number(plan), timezone.now(), thai_digits)


def _next_number(plan):
    newest = plan.publications.values_list("number", flat=True).first()
    return (newest or 0) + 1


def _address(text):
    """Only of the web: a link to anything else could run or fetch what nobody has checked."""
    address = text.strip()
    if not address:
        return ""
    try:
        URLValidator(schemes=("http", "https"))(address)
    except ValidationError:
        raise ValidationError(
            {
                "own_url": _(
                    "Write the whole address of the page, such as https://www.example.go.th/ita"
                )
            }
        ) from None
    if len(address) > LONGEST_ADDRESS:
        raise ValidationError(
            {
                "own_url": _("The address has more than %(limit)s characters.")
                % {"limit": LONGEST_ADDRESS}
            }
        )
    return address
