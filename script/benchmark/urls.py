from django.http import HttpResponse
from django.template import engines
from django.urls import path

from assessments.models import Indicator
from ita_portal.urls import *  # noqa: F403 - the portal's addresses and error pages
from ita_portal.urls import urlpatterns as portal

ROWS = engines["django"].from_string(
    "<!doctype html><title>rows</title><table>{% for row in rows %}"
    "<tr><td>{{ row.number }}<td>{{ row.name_th }}<td>{{ row.instrument.code }}</tr>"
    "{% endfor %}</table>"
)


def empty(request):
    return HttpResponse("ok")


def template(request):
    rows = Indicator.objects.select_related("instrument")[:10]
    return HttpResponse(ROWS.render({"rows": rows}))


urlpatterns = [path("bench/empty/", empty), path("bench/template/", template), *portal]
