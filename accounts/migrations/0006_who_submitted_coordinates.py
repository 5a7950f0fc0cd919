from itertools import groupby

from django.db import migrations

from accounts.chain import digest_of


def staff_to_coordinators(apps, schema_editor):
    apps.get_model("accounts", "Membership").objects.filter(role="staff").update(role="coordinator")


def coordinators_to_staff(apps, schema_editor):
    apps.get_model("accounts", "Membership").objects.filter(role="coordinator").update(role="staff")


def chain_what_was_recorded_before(apps, schema_editor):
    """In the order of writing; the same events always give the same digests."""
    Event = apps.get_model("accounts", "Event")
    ChainEnd = apps.get_model("accounts", "ChainEnd")
    events = Event.objects.order_by("agency_id", "pk")
    for agency_id, own in groupby(events.iterator(), key=lambda event: event.agency_id):
        end = ChainEnd(agency_id=agency_id or 0)
        for event in own:
            event.number = end.number + 1
            event.digest = digest_of(event, end.digest)
            event.save(update_fields=["number", "digest"])
            end.number, end.digest = event.number, event.digest
        end.save()


def unchain(apps, schema_editor):
    apps.get_model("accounts", "ChainEnd").objects.all().delete()


class Migration(migrations.Migration):
    """Until now staff submitted: who could keeps the right. Until now events had no chain."""

    dependencies = [("accounts", "0005_people_and_history")]

    operations = [
        migrations.RunPython(staff_to_coordinators, coordinators_to_staff),
        migrations.RunPython(chain_what_was_recorded_before, unchain),
    ]
