from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Notice
from accounts.notices import mark_read
from accounts.once import taken_once

A_PAGE = 50


@login_required
@require_safe
def notices(request):
    """The unread first, those of an agency together; then what was read, newest first."""
    mine = Notice.objects.visible_to(request.user).select_related("agency")
    order = (F("read_at").desc(nulls_first=True), "agency__name", "-at", "-pk")
    page = Paginator(mine.order_by(*order), A_PAGE).get_page(request.GET.get("page"))
    unread = [notice for notice in page if notice.read_at is None]
    context = {
        "page": page,
        "unread": [(agency, list(own)) for agency, own in groupby(unread, attrgetter("agency"))],
        "read": [notice for notice in page if notice.read_at],
    }
    return render(request, "accounts/notices.html", context)


@login_required
@require_safe
def notice(request, uid):
    """To what the notice is about; whoever goes there has read it."""
    mine = Notice.objects.visible_to(request.user).filter(uid=uid)
    url = get_object_or_404(mine).url
    mark_read(mine)
    # Only ever an address of the portal, whatever was stored.
    is_local = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return redirect(url if is_local else "accounts:notices")


@login_required
@require_POST
def read_all(request):
    return taken_once(request, lambda: _read_all(request))


def _read_all(request):
    mark_read(Notice.objects.visible_to(request.user))
    messages.success(request, _("All notices are marked as read."))
    return redirect("accounts:notices")
