from django.conf import settings
from django.db import models


class Kept(models.Model):
    """What a person typed into a cell that somebody else had changed, until she has chosen.

    `person` and `time` say whose `theirs` is and since when, as she was told it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.CharField(max_length=200)
    key = models.CharField(max_length=50)
    yours = models.TextField(blank=True)
    theirs = models.TextField(blank=True)
    person = models.CharField(max_length=200)
    time = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["user", "page", "key"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "key"], name="one_kept_value_a_cell")
        ]

    def __str__(self):
        return f"{self.page} {self.key}"
