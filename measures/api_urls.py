"""The open data as an interface for programs; a change that breaks one gets a new version."""

from django.urls import path, re_path

from measures.views import api

app_name = "api"

urlpatterns = [
    path("", api.documentation, name="documentation"),
    path("openapi.json", api.description, name="description"),
    path("agencies/", api.agencies, name="agencies"),
    path("agencies/<slug:agency>/", api.agency, name="agency"),
    path("agencies/<slug:agency>/<year:year>/", api.publication, name="publication"),
    path("results/<year:year>/", api.results, name="results"),
    re_path(r"^(?P<path>(?s:.*))\Z", api.unknown, name="unknown"),
]
