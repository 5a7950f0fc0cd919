from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Membership
from accounts.prepared import Prepared
from accounts.signs import validate_printable

_memberships_in_use = Prepared(lambda user: Membership.objects.filter(user=user).in_use())


class User(AbstractUser):
    """A person who signs in; what she may do comes from her memberships, not from here."""

    first_name = None
    last_name = None
    name = models.CharField(_("Name and surname"), max_length=150, validators=[validate_printable])
    position = models.CharField(
        _("Position"), max_length=150, blank=True, validators=[validate_printable]
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("User")
        verbose_name_plural = _("Users")

    def __str__(self):
        return self.get_full_name()

    @classmethod
    def normalize_username(cls, username):
        """Small, as it is looked up: `createsuperuser` takes capitals too."""
        return super().normalize_username(username).lower()

    def get_full_name(self):
        return self.name or self.username

    def get_short_name(self):
        return self.get_full_name()

    def memberships_in_use(self):
        """What permissions go by; what waits for her comes along, as each page says it."""
        return _memberships_in_use(self.pk)
