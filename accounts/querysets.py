from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models.functions import Coalesce, Substr, Trim

#: What stands before a given name, by which Thai people are sorted; the longer ones first.
TITLES = ("ว่าที่ร้อยตรี", "ว่าที่ ร.ต.", "นางสาว", "น.ส.", "นาง", "นาย")


def given_name(field):
    """The name in the field without its title, to sort by."""
    cases = (
        models.When(**{f"{field}__startswith": title}, then=Trim(Substr(field, len(title) + 1)))
        for title in TITLES
    )
    return models.Case(*cases, default=models.F(field))


def _unread():
    notices = apps.get_model("accounts", "Notice").objects.unread().order_by()
    own = notices.filter(user=models.OuterRef("user"), agency=models.OuterRef("agency"))
    counted = own.values("agency").annotate(count=models.Count("pk")).values("count")
    return Coalesce(models.Subquery(counted), 0)


class OfAgencyQuerySet(models.QuerySet):
    """Records of an agency, which their field `agency` leads to."""

    agency = "agency__"

    def visible_to(self, user):
        """Those of the agencies in use that the person is a member of."""
        if not user.is_authenticated:
            return self.none()
        is_seen = {f"{self.agency}is_active": True, f"{self.agency}memberships__user": user}
        return self.filter(**is_seen)


class AgencyQuerySet(OfAgencyQuerySet):
    agency = ""


class MembershipQuerySet(OfAgencyQuerySet):
    def in_use(self):
        """Those in agencies in use, with the agency and the unit, each with `unread`: how many
        notices of the agency wait for the person.
        """
        found = self.filter(agency__is_active=True).select_related("agency", "unit")
        return found.annotate(unread=_unread())

    def with_standing(self):
        """Each with `standing`, how far the person is on her way in, and when her code expires."""
        same = self.model.objects.filter(pk=models.OuterRef("pk"))
        unused = same.filter(user__invitations__used_at=None)
        return self.annotate(
            given_name=given_name("user__name"),
            code_expires_at=models.Subquery(unused.values("user__invitations__expires_at")[:1]),
            standing=models.Case(
                models.When(user__is_active=False, then=models.Value("closed")),
                models.When(
                    user__password__startswith=UNUSABLE_PASSWORD_PREFIX,
                    then=models.Value("invited"),
                ),
                models.When(
                    models.Exists(same.filter(user__authenticator__type="totp")),
                    then=models.Value("two_factors"),
                ),
                default=models.Value("one_factor"),
            ),
        )


class EventQuerySet(models.QuerySet):
    """Events are only added and read."""

    def update(self, **changes):
        raise TypeError("An event is written once and never changed.")

    def bulk_update(self, *args, **options):
        self.update()

    def delete(self):
        raise TypeError("An event is never deleted.")


class NoticeQuerySet(OfAgencyQuerySet):
    def visible_to(self, user):
        """The person's own, of agencies that she serves now."""
        served = super().visible_to(user)
        return served.filter(user=user) if user.is_authenticated else served

    def unread(self):
        return self.filter(read_at=None)
