import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission
from measures.actions import create_measures
from measures.pasted import Pasted
from measures.pasting import MOST_COLUMNS, MOST_ROWS, Unreadable, columns_of, table_of
from measures.plans import plan_year


@agency_page(Permission.EDIT_PLAN)
def paste(request, agency, year):
    """A table of Word or Excel becomes measures: first looked at, then saved all at once."""
    basis = plan_year(request.user, agency, year, texts="measures")
    back = reverse("measures:measures", args=[agency.code, year])
    if basis.plan is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(back)
    context = {"basis": basis, "year": year, "back": back, "typed": request.POST.get("text", "")}
    if request.method == "GET":
        return render(request, "measures/paste.html", context)
    try:
        table, columns = _table(request.POST)
        pasted = Pasted(table, columns, basis, request.POST)
    except Unreadable as error:
        context["problem"] = _reason(error.code)
        return render(request, "measures/paste.html", context, status=422)
    if "confirm" in request.POST and not pasted.errors:
        try:
            saved = create_measures(plan=basis.plan, rows=pasted.values, by=request.user)
        except LateChange as late:
            pasted.errors.append((None, "", str(late)))
        except ValidationError as error:
            pasted.errors += [(None, "", message) for message in error.messages]
        else:
            messages.success(
                request,
                ngettext("%(count)s measure saved.", "%(count)s measures saved.", len(saved))
                % {"count": len(saved)},
            )
            return redirect(back)
    context |= {"pasted": pasted, "table": json.dumps(table, ensure_ascii=False)}
    status = 422 if "confirm" in request.POST else 200
    return render(request, "measures/paste_check.html", context, status=status)


def _table(data):
    """The cells, and the field of each column as chosen, or as it seems."""
    if "table" not in data:
        table = table_of(data.get("text", ""), data.get("html", ""))
        return table, columns_of(table)
    try:
        table = json.loads(data["table"])
        # Only texts that can be written: JSON may name halves of signs.
        "".join(cell for row in table for cell in row).encode()
        whole = {len(row) for row in table} == {len(table[0])} and len(table[0]) <= MOST_COLUMNS
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise Unreadable("no table") from error
    if not whole:
        raise Unreadable("no table")
    return table, [data.get(f"column-{place}", "") for place in range(len(table[0]))]


def _reason(code):
    return {
        "large": _("The text is too long. Copy only the table of measures."),
        "columns": _("The table has more than %(most)s columns. Copy only the table of measures.")
        % {"most": MOST_COLUMNS},
        "rows": _("The table has more than %(most)s measures. Paste it in parts.")
        % {"most": MOST_ROWS},
    }.get(
        code,
        _("No table was found. In Word, select the whole table, copy it and paste it here again."),
    )
