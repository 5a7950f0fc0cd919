from django.urls import path

from accounts.views import people, settings

app_name = "accounts"

urlpatterns = [
    path("a/<slug:agency>/people/", people.people, name="people"),
    path("a/<slug:agency>/people/new/", people.add, name="person-add"),
    path("a/<slug:agency>/people/existing/", people.add_existing, name="person-add-existing"),
    path("a/<slug:agency>/people/<int:pk>/", people.change, name="person-change"),
    path("a/<slug:agency>/people/<int:pk>/remove/", people.remove, name="person-remove"),
    path("a/<slug:agency>/people/<int:pk>/password/", people.password, name="person-password"),
    path("a/<slug:agency>/settings/", settings.settings, name="settings"),
]
