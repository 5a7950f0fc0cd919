"""What stands beside the data of a stored publication: its files, versions, years and addresses."""

from django.conf import settings
from django.urls import reverse

from measures.models import Publication, PublishedFile
from measures.publishing.page import MAIN_FILE, Facts, Version, known_files


def files_of(publication):
    stored = publication.files.values_list("name", "size", "digest")
    return known_files(
        (name, publication.get_file_url(name), size, digest) for name, size, digest in stored
    )


def facts_with(publication, **more):
    """What is known of a version wherever its page stands, and `more`."""
    return Facts(
        number=publication.number,
        published_at=publication.published_at,
        address=settings.PORTAL_URL + publication.get_absolute_url(),
        newest_address=settings.PORTAL_URL + publication.get_newest_url(),
        own_url=publication.own_url,
        **more,
    )


def facts_of(publication):
    """For the portal's own public page; four queries."""
    plan = publication.plan
    code, year = plan.agency.code, plan.year
    every = list(Publication.objects.at(code, year).defer("data"))
    digests = dict(
        PublishedFile.objects.filter(publication__plan=plan, name=MAIN_FILE).values_list(
            "publication", "digest"
        )
    )
    versions = tuple(
        Version(
            number=one.number,
            url=one.get_absolute_url(),
            published_at=one.published_at,
            digest=digests[one.pk],
            withdrawn_at=one.withdrawn_at,
            is_shown=one.pk == publication.pk,
        )
        for one in every
    )
    newer = publication.replacement_in(every)
    years = Publication.objects.filter(plan__agency=plan.agency).exclude(plan=plan)
    return facts_with(
        publication,
        files=files_of(publication),
        versions=versions,
        years=tuple(
            (other, reverse("public:newest", args=[code, other]))
            for other in years.order_by("-plan__year")
            .values_list("plan__year", flat=True)
            .distinct()
        ),
        replaced_by=next((one for one in versions if newer and one.number == newer.number), None),
        withdrawn_at=publication.withdrawn_at,
        withdrawal_reason=publication.withdrawal_reason,
        evidence_url=f"{publication.get_absolute_url()}evidence/",
        zip_url=reverse("public:site", args=[code, year, publication.number]),
        index_url=reverse("public:index"),
        agency_url=reverse("public:agency", args=[code]),
    )
