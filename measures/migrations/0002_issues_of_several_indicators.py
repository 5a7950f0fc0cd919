from django.db import migrations, models


def to_several(apps, schema_editor):
    Issue = apps.get_model("measures", "Issue")
    through = Issue.indicators.through
    through.objects.bulk_create(
        through(issue_id=pk, indicator_id=indicator)
        for pk, indicator in Issue.objects.values_list("pk", "indicator_id")
    )


class Migration(migrations.Migration):
    """An issue of several indicators has no place before this migration: there is no way back."""

    dependencies = [
        ("assessments", "0002_finer_scores"),
        ("measures", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="issue",
            name="indicator",
            field=models.ForeignKey(
                on_delete=models.deletion.PROTECT, related_name="+", to="assessments.indicator"
            ),
        ),
        migrations.AddField(
            model_name="issue",
            name="indicators",
            field=models.ManyToManyField(
                related_name="issues", to="assessments.indicator", verbose_name="Indicators"
            ),
        ),
        migrations.RunPython(to_several),
        migrations.RemoveConstraint(model_name="issue", name="one_issue_an_indicator_and_kind"),
        migrations.RemoveField(model_name="issue", name="indicator"),
    ]
