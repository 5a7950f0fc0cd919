"""The system operator's visits to an agency: unfinished records are seen during one, not before."""

from datetime import timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.forms import NamingErrors
from accounts.models import SupportVisit
from accounts.notices import notify, people_with
from accounts.operator import SeenFieldsOnly
from accounts.permissions import Role, State

LASTS = timedelta(hours=2)
UNFINISHED = (State.DRAFT, State.SUBMITTED, State.RETURNED)


@transaction.atomic
def visit(*, agency, reason, by):
    """Opens the agency's unfinished records to the operator; its admins are told why."""
    if not by.is_superuser:
        raise PermissionDenied(gettext("Only the system operator may do this."))
    made = SupportVisit(agency=agency, by=by, reason=reason, until=timezone.now() + LASTS)
    made.full_clean()
    made.save()
    events.record(verb="support.visited", by=by, agency=agency, obj=made, after={"reason": reason})
    notify(
        people_with(agency, Role.ADMIN),
        agency=agency,
        text=_(
            "The system operator %(name)s looks at unfinished records of the agency for two hours "
            "to help it. Reason: %(reason)s"
        ),
        facts={"name": by.get_full_name(), "reason": reason},
        url=reverse("accounts:settings", args=[agency.code]) + "#visits",
        by=by,
    )
    return made


def visited_agencies(operator):
    """The ids of the agencies at which the operator is on a visit now."""
    return SupportVisit.objects.filter(by=operator, until__gt=timezone.now()).values("agency_id")


class VisitForm(NamingErrors, forms.ModelForm):
    class Meta:
        model = SupportVisit
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": _("Such as: who asked for help, and with what.")}


class UnfinishedOnVisit(SeenFieldsOnly):
    """Mixed into the admin of records: lists them all, opens unfinished ones on a visit only.

    So the list must show nothing that the agency has yet to decide.
    """

    def record_of(self, obj):
        """What has the state and the agency."""
        return obj

    def is_unfinished(self, obj):
        return self.record_of(obj).state in UNFINISHED

    def get_object(self, request, *args, **kwargs):
        obj = super().get_object(request, *args, **kwargs)
        if obj is not None:
            agency = self.record_of(obj).agency_id
            visited = visited_agencies(request.user).filter(agency=agency)
            if self.is_unfinished(obj) and not visited.exists():
                raise PermissionDenied(
                    gettext(
                        "The agency has not finished this. To see it, choose the agency in the "
                        "list of agencies, look at unfinished records to help, and give a reason."
                    )
                )
        return obj
