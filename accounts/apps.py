from importlib import import_module

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import apps as admin_apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and agencies")
    default = True

    def ready(self):
        autodiscover_modules("handover")
        for receiver in ("proof", "sessions", "sign_in_events"):
            import_module(f"accounts.{receiver}")


class OperatorConfig(admin_apps.AdminConfig):
    """The system operator's part of the portal: Django's admin with our records only."""

    default = False
    default_site = "accounts.operator.OperatorSite"

    def ready(self):
        super().ready()
        foreign = [model for model in admin.site._registry if model._meta.app_label in FOREIGN]
        admin.site.unregister(foreign)


#: Groups and allauth's list of addresses, which the portal does not use, and everybody's secrets.
FOREIGN = {"auth", "account", "mfa"}
