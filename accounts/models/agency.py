from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role
from accounts.querysets import AgencyQuerySet, MembershipQuerySet
from accounts.signs import validate_printable


class Agency(models.Model):
    """A public body that is assessed. Its code stands in every address and is never reused."""

    class Kind(models.TextChoices):
        SUBDISTRICT = "subdistrict", _("Subdistrict administrative organization")
        SUBDISTRICT_TOWN = "subdistrict_town", _("Subdistrict municipality")
        TOWN = "town", _("Town municipality")
        CITY = "city", _("City municipality")
        PROVINCE = "province", _("Provincial administrative organization")
        OTHER = "other", _("Other public agency")

    code = models.CharField(
        _("Code"),
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Use small letters a-z, digits and single hyphens, such as nongkong."),
            )
        ],
    )
    name = models.CharField(_("Agency name"), max_length=200, validators=[validate_printable])
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind, default=Kind.SUBDISTRICT)
    district = models.CharField(
        _("District"), max_length=100, blank=True, validators=[validate_printable]
    )
    province = models.CharField(
        _("Province"), max_length=100, blank=True, validators=[validate_printable]
    )
    threshold = models.DecimalField(
        _("Strength threshold"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("85.00"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_(
            "Indicators with this score or more that have not fallen count as strong. 85 is usual."
        ),
    )
    own_approval_reason = models.TextField(
        _("Why an admin may approve her own work"),
        max_length=500,
        blank=True,
        validators=[validate_printable],
        help_text=_(
            "Only for an office too small for two people. Empty means that nobody approves what "
            "she wrote part of. The reason is printed in the report."
        ),
    )
    contact = models.TextField(
        _("Public contact"),
        max_length=500,
        blank=True,
        validators=[validate_printable],
        help_text=_(
            "Shown on the public page and in the report, of revisions from the next submission "
            "on: office, telephone, e-mail, website; one a line."
        ),
    )
    thai_digits = models.BooleanField(
        _("Thai digits in documents"),
        default=False,
        help_text=_("Reports and covering documents are made with ๐–๙ instead of 0–9."),
    )
    emblem = models.ForeignKey(
        "accounts.Emblem",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("Emblem"),
    )
    is_active = models.BooleanField(_("In use"), default=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("Agency")
        verbose_name_plural = _("Agencies")
        constraints = [
            models.CheckConstraint(
                name="agency_threshold_is_0_to_100",
                condition=models.Q(threshold__gte=0, threshold__lte=100),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def place(self):
        """The district and the province in words, as they stand under the agency's name."""
        parts = []
        if self.district:
            parts.append(f"อำเภอ{self.district}")
        if self.province:
            parts.append(f"จังหวัด{self.province}")
        return " ".join(parts)

    def get_people_url(self):
        return reverse("accounts:people", args=[self.code])


class Unit(models.Model):
    """A division of an agency (กอง, สำนัก), as its measures name those responsible."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="units", verbose_name=_("Agency")
    )
    name = models.CharField(_("Unit"), max_length=150, validators=[validate_printable])
    order = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["agency", "order", "pk"]
        verbose_name = _("Unit")
        verbose_name_plural = _("Units")
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="one_unit_a_name_and_agency")
        ]

    def __str__(self):
        return self.name


class Membership(models.Model):
    """The role that a person has in an agency: one role in each, several agencies a person.

    Staff of a `unit` change the measures of that unit only; staff without one change all.
    """

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="memberships", verbose_name=_("User")
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="memberships", verbose_name=_("Agency")
    )
    role = models.CharField(_("Role"), max_length=20, choices=Role, default=Role.STAFF)
    unit = models.ForeignKey(
        Unit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("Unit"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name", "user__name", "pk"]
        verbose_name = _("Membership")
        verbose_name_plural = _("Memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="one_role_a_person_and_agency")
        ]

    def __str__(self):
        return f"{self.user} · {self.agency} · {self.get_role_display()}"

    def clean(self):
        if self.user_id and self.user.is_superuser:
            # She would read drafts without saying why: accounts/support.py.
            raise ValidationError(_("The system operator has no role in an agency."))
        if self.unit and self.unit.agency_id != self.agency_id:
            raise ValidationError({"unit": _("Choose a unit of the agency.")})
