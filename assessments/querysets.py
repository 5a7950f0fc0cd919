from accounts.querysets import OfAgencyQuerySet


class AssessmentQuerySet(OfAgencyQuerySet):
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
