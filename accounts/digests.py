"""One mail a person with all that she has not read; the list in the portal says the same."""

from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Notice

#: Where mail is set up late, nobody gets a pile of what is long past.
RECENT = timedelta(days=30)
#: Lines of one mail; the rest stand in the portal.
MOST = 30
CONSOLE = "django.core.mail.backends.console.EmailBackend"

_SUBJECT = gettext_lazy("ITA portal: %(count)s notices for you")
_GREETING = gettext_lazy("To %(name)s")
_MORE = gettext_lazy("and %(count)s more in the portal")
_WHY = gettext_lazy(
    "The ITA portal sends this to people with notices that they have not read. All notices: %(url)s"
)


def mail_is_set_up():
    return settings.EMAIL_BACKEND != CONSOLE


def waiting():
    """(person, notices) of each person with an address and notices neither read nor mailed, of

    agencies that she serves now.
    """
    served = Notice.objects.unread().filter(
        mailed_at=None,
        at__gte=timezone.now() - RECENT,
        user__is_active=True,
        agency__is_active=True,
        agency__memberships__user=F("user"),
    )
    unmailed = served.exclude(user__email="").select_related("user", "agency")
    ordered = unmailed.order_by("user", "agency__name", "at", "pk")
    return [(user, list(own)) for user, own in groupby(ordered, attrgetter("user"))]


def digest_for(person, notices):
    """Only texts of the portal are in the subject, so that nothing typed can break its line."""
    lines = [str(_GREETING) % {"name": person.get_full_name()}]
    for agency, own in groupby(notices[:MOST], attrgetter("agency")):
        lines += ["", agency.name]
        for notice in own:
            lines += [f"- {' '.join(notice.text.split())}", f"  {_link(notice.get_absolute_url())}"]
    if (more := len(notices) - MOST) > 0:
        lines += ["", str(_MORE) % {"count": more}]
    lines += ["", str(_WHY) % {"url": _link("/notices/")}]
    subject = str(_SUBJECT) % {"count": len(notices)}
    return EmailMessage(subject, "\n".join(lines) + "\n", to=[person.email])


def _link(path):
    return f"{settings.PORTAL_URL}{path}"


def mark_mailed(notices):
    pks = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=pks).update(mailed_at=timezone.now())
