from django.contrib import admin
from django.urls import include, path, register_converter

from accounts.converters import YearConverter
from ita_portal import home
from ita_portal.health import health

register_converter(YearConverter, "year")

urlpatterns = [
    path("", home.home, name="home"),
    path("a/<slug:agency>/<year:year>/", home.overview, name="overview"),
    path("", include("accounts.urls")),
    path("", include("assessments.urls")),
    path("", include("measures.urls")),
    path("p/", include("measures.public_urls")),
    path("api/v1/", include("measures.api_urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("operator/", admin.site.urls),
    path("health/", health, name="health"),
]

handler400 = "ita_portal.errors.bad_request"
handler403 = "ita_portal.errors.permission_denied"
handler404 = "ita_portal.errors.not_found"
handler429 = "ita_portal.errors.too_many_requests"
handler500 = "ita_portal.errors.server_error"
