from django.db import models
from django.db.models import Case, Exists, OuterRef, Subquery, When

from accounts.querysets import OfAgencyQuerySet
from assessments.models import Assessment, Indicator, Score


class PlanQuerySet(OfAgencyQuerySet):
    def for_year(self, year):
        """Plans of measures for the fiscal year (Buddhist Era)."""
        return self.filter(year=year)

    def with_basis(self):
        """With what `situation_of` stands on; `wordless` are the months of the first open round
        where something is done, or not done, without a word on it, or None.
        """
        entries = models.Q(rounds__entries__state__in=("done", "not_done"))
        entries &= models.Q(rounds__entries__result="", rounds__approved_at=None)
        plans = self.select_related("agency", "assessment__framework")
        return plans.annotate(wordless=models.Min("rounds__months", filter=entries))

    def with_publication(self):
        """With what the public sees now, or None: `public_number` is that of the revision,
        `public_version` that of the publication, which stands there since `public_since`.
        """
        publications = self.model._meta.get_field("publications").related_model.objects
        newest = publications.filter(plan=OuterRef("pk")).order_by("-number")

        def shown(field):
            found = newest.annotate(shown=Case(When(withdrawn_at=None, then=field)))
            return Subquery(found.values("shown")[:1])

        return self.annotate(
            public_number=shown("revision__number"),
            public_version=shown("number"),
            public_since=shown("published_at"),
        )

    def with_own_scores(self):
        """With `lacks_own_scores`: whether the official result of the plan's own year, on which
        the next plan stands, misses scores. Not where the year has no framework.
        """
        entered = Score.objects.filter(
            indicator=OuterRef("pk"),
            assessment__agency=OuterRef(OuterRef("agency")),
            assessment__kind=Assessment.Kind.OFFICIAL,
            value__isnull=False,
        )
        missing = Indicator.objects.filter(~Exists(entered), framework__year=OuterRef("year"))
        return self.annotate(lacks_own_scores=Exists(missing))

    def with_waiting(self):
        """With `open_comments`: how many comments on it are open."""
        is_open = models.Q(comments__isnull=False, comments__resolved_at=None)
        return self.annotate(open_comments=models.Count("comments", filter=is_open, distinct=True))


class OfPlanQuerySet(OfAgencyQuerySet):
    """Records of a plan: seen by those who see the plan."""

    agency = "plan__agency__"


class FixedQuerySet(models.QuerySet):
    """Of records that are written once; the database's own tools alone could change them."""

    def update(self, **values):
        raise TypeError("What was published is never changed.")

    def delete(self):
        raise TypeError("What was published is never deleted.")


class PublicationQuerySet(FixedQuerySet, OfPlanQuerySet):
    def at(self, code, year):
        """Those of an address, the newest first, whether or not the agency is still in use."""
        found = self.filter(plan__agency__code=code, plan__year=year)
        return found.select_related("plan__agency").order_by("-number")

    def newest(self):
        """Of each plan, withdrawn or not."""
        newest = self.model.objects.filter(plan=OuterRef("plan")).order_by("-number")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def standing(self):
        """The newest of each plan, unless it was withdrawn: what the index and the API show."""
        return self.newest().filter(withdrawn_at=None)


class EvidenceQuerySet(OfPlanQuerySet):
    def standing(self):
        """Neither replaced nor taken out."""
        return self.filter(replaced_by=None, removed_at=None)

    def public(self):
        """Of those, what somebody chose to show."""
        return self.standing().exclude(public_copy="")


class RowQuerySet(models.QuerySet):
    def numbered(self):
        """Issues or measures, each with the `numbers` of its indicators: one query for both."""
        found = {}
        rows = self.annotate(number=models.F("indicators__number"))
        for row in rows.order_by("order", "pk", "number"):
            numbers = found.setdefault(row.pk, row).__dict__.setdefault("numbers", [])
            if row.number is not None:
                numbers.append(row.number)
        return list(found.values())
