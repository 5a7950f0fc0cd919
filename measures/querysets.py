from django.db import models


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(agency__is_active=True, agency__memberships__user=user)

    def for_year(self, year):
        """Plans of measures for the fiscal year (Buddhist Era)."""
        return self.filter(year=year)

    def with_measures(self):
        """With issues and measures: four more queries, however many rows."""
        return self.select_related("agency", "assessment__framework").prefetch_related(
            "issues__indicators", "measures__indicators"
        )

    def with_texts(self):
        """With all that was written, progress too: six more queries, however many rows."""
        return self.with_measures().prefetch_related("rounds__entries")
