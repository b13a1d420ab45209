from django.db import migrations, models

# What is already written was in sight: its next change is told as a change.
WERE_TOLD = "UPDATE agenda_event SET told_at = updated_at WHERE school_class_id IS NOT NULL OR group_id IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("agenda", "0003_groups_of_pupils")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="told_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="familles prévenues le"
            ),
        ),
        migrations.RunSQL(WERE_TOLD, migrations.RunSQL.noop),
    ]
