"""What is shown before it is kept: it travels signed through the browser, to be confirmed."""

from django.core import signing

#: Seconds in which what was shown may be confirmed.
CONFIRM_WITHIN = 60 * 60


def carry(request, here, **content):
    """For the hidden field `confirmed` of the page at `here`; only this person can send it back."""
    carried = content | {"here": here, "user": request.user.pk}
    return signing.dumps(carried, salt="assessments.carried", compress=True)


def carried_back(request, here):
    """What `carry` was given, or None: too late, changed, of another page or person."""
    try:
        sent = signing.loads(
            request.POST["confirmed"], salt="assessments.carried", max_age=CONFIRM_WITHIN
        )
    except signing.BadSignature:
        return None
    return sent if (sent["here"], sent["user"]) == (here, request.user.pk) else None
