"""What anybody may open, without signing in; nothing here may change its address."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from measures.views import public


class FileNameConverter(StringConverter):
    regex = r"[a-z]+\.[a-z]+"


class VersionConverter(IntConverter):
    """The number of a version, as the database holds it: each version has one address."""

    regex = "[1-9][0-9]{0,4}"


register_converter(FileNameConverter, "file")
register_converter(VersionConverter, "version")

app_name = "public"

YEAR = "<slug:agency>/<year:year>/"

urlpatterns = [
    path("", public.index, name="index"),
    path("<slug:agency>/", public.agency, name="agency"),
    path(YEAR, public.newest, name="newest"),
    path(f"{YEAR}v<version:number>/", public.version, name="version"),
    path(f"{YEAR}v<version:number>/site.zip", public.site, name="site"),
    path(f"{YEAR}v<version:number>/evidence/<uuid:uid>/", public.evidence, name="evidence"),
    path(f"{YEAR}v<version:number>/<file:name>", public.file, name="file"),
    path(f"{YEAR}<file:name>", public.newest_file, name="newest-file"),
]
