from django.urls import path

from accounts.views import handover, notices, people, settings, units

app_name = "accounts"

PEOPLE = "a/<slug:agency>/people/"

urlpatterns = [
    path(PEOPLE, people.people, name="people"),
    path(f"{PEOPLE}new/", people.add, name="person-add"),
    path(f"{PEOPLE}existing/", people.add_existing, name="person-add-existing"),
    path(f"{PEOPLE}<int:pk>/", people.change, name="person-change"),
    path(f"{PEOPLE}<int:pk>/remove/", people.remove, name="person-remove"),
    path(f"{PEOPLE}<int:pk>/code/", people.code, name="person-code"),
    path(f"{PEOPLE}<int:pk>/handover/", handover.handover, name="person-handover"),
    path(f"{PEOPLE}handovers/<int:pk>/", handover.sheet, name="handover-sheet"),
    path("a/<slug:agency>/units/", units.units, name="units"),
    path("a/<slug:agency>/settings/", settings.settings, name="settings"),
    path("a/<slug:agency>/settings/emblem.png", settings.emblem, name="emblem"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<uuid:uid>/", notices.notice, name="notice"),
]
