"""What the public sees: newest and fixed versions of an agency's year, and their files."""

from urllib.parse import quote

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.http import FileResponse, Http404, HttpResponse, HttpResponseGone
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from accounts.models import Agency
from measures.evidence.gate import kind_of
from measures.models import Evidence, Publication, PublishedFile
from measures.publishing.page import version_page
from measures.publishing.published import facts_of
from measures.publishing.serving import described, send, stored_file
from measures.publishing.site import make_site

AGENCIES_A_PAGE = 50
LONGEST_SEARCH = 100


@require_safe
@conditional_page
def index(request):
    """The agencies, each with its newest publication, or the one of a year."""
    found = Publication.objects.standing()
    years = found.order_by("-plan__year").values_list("plan__year", flat=True).distinct()
    searched = " ".join(request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", " ").split())
    year = next((year for year in years if str(year) == request.GET.get("year")), None)
    if year:
        found = found.filter(plan__year=year)
    else:
        of_agency = found.filter(plan__agency=OuterRef("plan__agency")).order_by("-plan__year")
        found = found.filter(pk=Subquery(of_agency.values("pk")[:1]))
    for word in searched.split():
        agency = "plan__agency__"
        found = found.filter(
            Q(**{f"{agency}name__icontains": word})
            | Q(**{f"{agency}district__icontains": word})
            | Q(**{f"{agency}province__icontains": word})
        )
    page = Paginator(_rows(found).order_by("plan__agency__name", "pk"), AGENCIES_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "years": list(years), "year": year, "searched": searched}
    context["query"] = request.GET
    return HttpResponse(render_to_string("public/index.html", context))


@require_safe
@conditional_page
def agency(request, agency):
    """The years of an agency; those whose newest version was withdrawn say so."""
    found = Publication.objects.filter(plan__agency__code=agency).newest()
    rows = list(_rows(found).order_by("-plan__year"))
    if not rows:
        raise Http404
    context = {"agency": Agency.objects.get(code=agency), "rows": rows}
    return HttpResponse(render_to_string("public/agency.html", context))


@require_safe
@conditional_page
def newest(request, agency, year):
    return _page(_publication(agency, year))


@require_safe
@conditional_page
def version(request, agency, year, number):
    return _page(_publication(agency, year, number))


@require_safe
@conditional_page
def site(request, agency, year, number):
    publication = _publication(agency, year, number)
    if publication.is_withdrawn:
        return _gone(agency, year, number)
    response = HttpResponse(make_site(publication), content_type="application/zip")
    name = f"ita-{agency}-{year}-v{number}.zip"
    return described(response, f'attachment; filename="{name}"')


@require_safe
def evidence(request, agency, year, number, uid):
    """The copy that was made to be shown, of a file that the version names."""
    publication = _publication(agency, year, number)
    if str(uid) not in {file["id"] for file in publication.data["evidence"]}:
        raise Http404
    file = Evidence.objects.filter(plan=publication.plan_id, pk=uid).first()
    if publication.is_withdrawn or file is None or not file.is_public:
        return _gone(agency, year, number)
    response = FileResponse(file.public_copy.open("rb"), content_type=file.media_type)
    way = "inline" if kind_of(file.name).is_picture else "attachment"
    name = quote(file.name, safe="")
    return described(response, f"{way}; filename*=UTF-8''{name}")


@require_safe
def file(request, agency, year, number, name):
    found = stored_file(agency, year, number, name)
    if found is None:
        raise Http404
    if found.is_withdrawn:
        return _gone(agency, year, number)
    return send(request, found, name=name, code=agency, year=year, number=number)


@require_safe
def newest_file(request, agency, year, name):
    numbers = PublishedFile.objects.filter(
        name=name, publication__plan__year=year, publication__plan__agency__code=agency
    ).values_list("publication__number", flat=True)
    number = numbers.order_by("-publication__number").first()
    if number is None:
        raise Http404
    return redirect("public:file", agency, year, number, name)


def _publication(code, year, number=None):
    """The newest without a number; also of an agency that is no longer in use."""
    found = Publication.objects.at(code, year)
    if number is not None:
        found = found.filter(number=number)
    if (publication := found.first()) is None:
        raise Http404
    return publication


def _page(publication):
    return HttpResponse(version_page(publication.data, facts_of(publication)))


def _gone(*address):
    page = render_to_string("public/gone.html", {"url": reverse("public:version", args=address)})
    return HttpResponseGone(page)


def _rows(publications):
    """What lists show of them, without the rest of their data."""
    return (
        publications.select_related("plan__agency")
        .defer("data")
        .annotate(total=KT("data__result__total"), level=KT("data__result__level"))
    )
