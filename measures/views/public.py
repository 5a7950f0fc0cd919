"""What the public sees: newest and fixed versions of an agency's year, and their files."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from measures.models import Publication


@require_safe
def index(request):
    raise Http404


@require_safe
def agency(request, agency):
    raise Http404


@require_safe
def newest(request, agency, year):
    publication = Publication.objects.at(agency, year).first()
    if publication is None:
        raise Http404
    return redirect(publication)


@require_safe
def version(request, agency, year, number):
    publication = get_object_or_404(Publication.objects.at(agency, year), number=number)
    return HttpResponse(f"{publication.data['agency']['name']} {publication.number}")


@require_safe
def site(request, agency, year, number):
    raise Http404


@require_safe
def evidence(request, agency, year, number, uid):
    raise Http404


@require_safe
def file(request, agency, year, number, name):
    publication = get_object_or_404(Publication.objects.at(agency, year), number=number)
    found = get_object_or_404(publication.files, name=name)
    return HttpResponse(bytes(found.content), content_type=found.media_type)


@require_safe
def newest_file(request, agency, year, name):
    publication = Publication.objects.at(agency, year).first()
    if publication is None:
        raise Http404
    return redirect(publication.get_file_url(name))
