"""The public read-only interface: what is published now, as JSON."""

from django.http import Http404
from django.views.decorators.http import require_safe


@require_safe
def documentation(request):
    raise Http404


@require_safe
def description(request):
    raise Http404


@require_safe
def agencies(request):
    raise Http404


@require_safe
def agency(request, agency):
    raise Http404


@require_safe
def publication(request, agency, year):
    raise Http404


@require_safe
def results(request, year):
    raise Http404
