"""Pages that save as one types: reading what they send, answering, keeping what was refused."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Kept
from accounts.permissions import LateChange

#: How long a value that met a conflict waits for its author.
KEPT_FOR = timedelta(days=30)
#: Far more than any page has.
MOST_CELLS = 500


class UnreadableCells(ValueError):
    """The request does not come from a page of the portal as it is now."""


@dataclass(frozen=True)
class Typed:
    """A cell as it came: `value` is the text, `version` the one that the typist saw."""

    key: str
    value: str
    version: int


def saved(key, *, value, version, time):
    """The answer for a cell that holds what was typed; `value` as a page writes it."""
    return {"key": key, "state": "saved", "value": value, "version": version, "time": time}


def conflict(key, *, yours, theirs, version, person, time):
    """The answer for a cell that somebody else changed meanwhile; `version` is of `theirs`."""
    return {
        "key": key,
        "state": "conflict",
        "yours": yours,
        "theirs": theirs,
        "version": version,
        "person": person,
        "time": time,
    }


def refused(key, message, suggestion=""):
    """The answer for a cell whose text cannot be taken; `suggestion` is what may be meant."""
    return {"key": key, "state": "refused", "message": str(message), "suggestion": suggestion}


def person_to(reader, author):
    """Who saved the other value, as the reader is told."""
    if author is None:
        return _("the system operator")
    if author == reader:
        return _("you, in another window")
    return author.get_full_name()


def saves_cells(save):
    """Wraps `save(request, …, cells)`, which gets the request's cells and answers each of them."""

    @require_POST
    @wraps(save)
    def view(request, **kwargs):
        own = str(request.user.pk)
        if request.POST.get("user", own) != own:
            # Somebody else has signed in with this browser: it is not she who typed this.
            message = _("The page was opened by somebody else.")
            return JsonResponse({"message": message, "outdated": True}, status=403)
        try:
            answers = save(request, cells=_typed_cells(request), **kwargs)
        except UnreadableCells:
            message = _("This page is older than the portal. Copy your text and open it again.")
            return JsonResponse({"message": message}, status=400)
        except LateChange as late:
            return JsonResponse({"message": str(late)}, status=409)
        _keep_conflicts(request, answers)
        return JsonResponse({"cells": answers})

    return view


def _typed_cells(request):
    try:
        sent = json.loads(request.POST["cells"])
        cells = [_typed(**one) for one in sent]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableCells from error
    if not 0 < len(cells) <= MOST_CELLS or len({cell.key for cell in cells}) < len(cells):
        raise UnreadableCells
    return cells


def _typed(key, value, version):
    if [type(part) for part in (key, value, version)] != [str, str, int]:
        raise TypeError
    # What no database stores: NUL, and halves of signs.
    text = value.replace("\0", "").encode(errors="ignore").decode()
    return Typed(key, unicodedata.normalize("NFC", text), version)


def _keep_conflicts(request, answers):
    page = request.POST.get("page", "").replace("\0", "")[: Kept._meta.get_field("page").max_length]
    mine = Kept.objects.filter(user=request.user)
    kept = set(mine.filter(page=page).values_list("key", flat=True))
    for answer in answers:
        if answer["state"] == "conflict":
            told = {name: answer[name] for name in ("yours", "theirs", "person", "time")}
            mine.update_or_create(user=request.user, page=page, key=answer["key"], defaults=told)
            mine.filter(at__lt=timezone.now() - KEPT_FOR).delete()
        elif answer["state"] == "saved" and answer["key"] in kept:
            mine.filter(page=page, key=answer["key"]).delete()


def kept_values(request):
    """What the person typed on this page and has not chosen about, for the page to show again."""
    mine = Kept.objects.filter(user=request.user, page=request.path)
    recent = mine.filter(at__gte=timezone.now() - KEPT_FOR)
    return list(recent.values("key", "yours", "theirs", "person", "time"))
