"""Forms that are sent twice: a double press, Back and send again, a retry of a lost answer."""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.utils import timezone

from accounts.models import Once

FIELD = "once"
#: How long a form is known again.
KNOWN_FOR = timedelta(days=7)
#: Others differ from one page of the same form to the next.
NOT_COMPARED = {"csrfmiddlewaretoken"}


def new_key():
    return secrets.token_urlsafe(16)


def taken_once(request, answer):
    """The answer to a request, which `answer()` works out; for a form sent again the first one's.

    Sent again means the same key with the same content: what was changed meanwhile is a form of its
    own. An answer that leads nowhere (an error, a conflict) lets the form be sent again, but for a
    page that is shown once, which says where its form `sent_again_leads_to`.
    """
    if request.method != "POST" or not request.POST.get(FIELD):
        return answer()
    key = _digest(request)
    try:
        with transaction.atomic():
            # First of all, so that one that comes at the same moment waits for this one's end.
            mark = Once.objects.create(user=request.user, key=key)
            Once.objects.filter(user=request.user, at__lt=timezone.now() - KNOWN_FOR).delete()
            response = answer()
            if isinstance(response, HttpResponseRedirect):
                Once.objects.filter(pk=mark.pk).update(location=response.url)
            elif again := getattr(response, "sent_again_leads_to", None):
                Once.objects.filter(pk=mark.pk).update(location=again)
            else:
                mark.delete()
            return response
    except IntegrityError:
        first = Once.objects.filter(user=request.user, key=key).first()
        if first is None:
            raise
        return HttpResponseRedirect(first.location)


def _digest(request):
    compared = [request.path]
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_COMPARED:
            compared += [name, *values]
    return hashlib.sha256(repr(compared).encode()).hexdigest()
