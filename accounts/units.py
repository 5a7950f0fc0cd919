"""An agency's list of its units (สำนัก, กอง), which measures name as those responsible."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import events
from accounts.actions import require_operator_or
from accounts.models import Agency, Unit
from accounts.permissions import Permission

#: What most subdistrict organizations and municipalities have, to begin with.
USUAL = (
    "สำนักปลัด",
    "กองคลัง",
    "กองช่าง",
    "กองการศึกษา ศาสนาและวัฒนธรรม",
    "กองสวัสดิการสังคม",
    "กองสาธารณสุขและสิ่งแวดล้อม",
    "หน่วยตรวจสอบภายใน",
)


@transaction.atomic
def add_units(*, agency, names, by):
    """Adds those that are not there yet at the end of the list; returns them."""
    _begin(agency, by)
    there = list(agency.units.all())
    known = {unit.name for unit in there}
    wanted = [name for name in dict.fromkeys(map(_plain, names)) if name and name not in known]
    last = max((unit.order for unit in there), default=0)
    units = [
        Unit(agency=agency, name=name, order=order)
        for order, name in enumerate(wanted, start=last + 1)
    ]
    for unit in units:
        unit.full_clean(validate_unique=False, validate_constraints=False)
    if units:
        Unit.objects.bulk_create(units)
        events.record(verb="units.added", by=by, agency=agency, obj=agency, after={"names": wanted})
    return units


@transaction.atomic
def rename_unit(*, unit, name, by):
    """What measures say stays as it was written."""
    _begin(unit.agency, by)
    before, unit.name = unit.name, _plain(name)
    if unit.name == before:
        return
    if unit.agency.units.exclude(pk=unit.pk).filter(name=unit.name).exists():
        raise ValidationError(_("%(name)s is in the list already.") % {"name": unit.name})
    unit.full_clean()
    unit.save(update_fields=["name"])
    events.record(
        verb="unit.renamed",
        by=by,
        agency=unit.agency,
        obj=unit,
        before={"name": before},
        after={"name": unit.name},
    )


@transaction.atomic
def move_unit(*, unit, up, by):
    """One place up or down; nothing happens at the end of the list."""
    _begin(unit.agency, by)
    units = list(unit.agency.units.all())
    place = units.index(unit)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(units):
        return
    units[place], units[other] = units[other], units[place]
    for order, one in enumerate(units, start=1):
        one.order = order
    Unit.objects.bulk_update(units, ["order"])
    events.record(
        verb="units.ordered",
        by=by,
        agency=unit.agency,
        obj=unit.agency,
        after={"names": [one.name for one in units]},
    )


@transaction.atomic
def remove_unit(*, unit, by):
    """Not while people belong to it: staff without a unit change the measures of all."""
    _begin(unit.agency, by)
    people = [str(one.user) for one in unit.memberships.select_related("user")]
    if people:
        raise ValidationError(
            _("%(unit)s has people: %(names)s. Give them another unit first.")
            % {"unit": unit.name, "names": ", ".join(people)}
        )
    events.record(
        verb="unit.removed", by=by, agency=unit.agency, obj=unit, before={"name": unit.name}
    )
    unit.delete()


def _begin(agency, by):
    require_operator_or(Permission.CHANGE_SETTINGS, by, agency)
    # Two who add or order at the same moment would give a place or a name twice.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _plain(name):
    return " ".join(unicodedata.normalize("NFC", name).split())
