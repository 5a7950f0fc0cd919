from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("measures", "0002_issues_of_several_indicators")]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="is_as_begun",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
