from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from measures.querysets import OfPlanQuerySet


class Comment(models.Model):
    """What somebody says about one row of a plan; open until it is resolved.

    `row` names it as `measures.rows` does (`score-9`, `issue-12`, `measure-5`, `progress-6-5`), or
    is empty for the plan as a whole. `is_return`: a reason for which the plan was returned.
    """

    plan = models.ForeignKey("measures.Plan", models.CASCADE, related_name="comments")
    row = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("Comment"), max_length=2000)
    is_return = models.BooleanField(default=False)
    revision = models.ForeignKey(
        "measures.Revision", models.PROTECT, null=True, related_name="comments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "at", "pk"]
        verbose_name = _("Comment")
        verbose_name_plural = _("Comments")

    def __str__(self):
        return self.text[:80]

    @property
    def history_place(self):
        return self.plan.year, self.row
