from django.db import models


class AgencyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The agencies in use that the person is a member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(is_active=True, memberships__user=user)


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All memberships of the agencies that the person is a member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(agency__is_active=True, agency__memberships__user=user)


class EventQuerySet(models.QuerySet):
    """Events are only added and read."""

    def update(self, **changes):
        raise TypeError("An event is written once and never changed.")

    def bulk_update(self, *args, **options):
        self.update()

    def delete(self):
        raise TypeError("An event is never deleted.")
