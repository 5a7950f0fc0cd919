from django.conf import settings
from django.db import models


class Once(models.Model):
    """A form that has been taken: sent again, it leads where it led the first time.

    `key` is a digest of the form's one-time key and of what was sent with it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    location = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_form_is_taken_once")]

    def __str__(self):
        return self.key
