from django.db import migrations


def staff_to_coordinators(apps, schema_editor):
    apps.get_model("accounts", "Membership").objects.filter(role="staff").update(role="coordinator")


def coordinators_to_staff(apps, schema_editor):
    apps.get_model("accounts", "Membership").objects.filter(role="coordinator").update(role="staff")


class Migration(migrations.Migration):
    """Until now staff submitted. Who could keeps the right; new staff write and do not submit."""

    dependencies = [("accounts", "0005_people_and_history")]

    operations = [migrations.RunPython(staff_to_coordinators, coordinators_to_staff)]
