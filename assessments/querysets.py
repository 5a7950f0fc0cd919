from django.db import models


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(agency__is_active=True, agency__memberships__user=user)

    def official(self):
        return self.filter(kind=self.model.Kind.OFFICIAL)

    def for_year(self, year):
        """Results of the fiscal year (Buddhist Era)."""
        return self.filter(framework__year=year)

    def with_results(self):
        """With scores and framework: a fixed number of queries, however many assessments."""
        return self.select_related("agency", "framework", "published_level").prefetch_related(
            "scores",
            "framework__levels",
            "framework__instruments__indicators__subindicators",
        )
