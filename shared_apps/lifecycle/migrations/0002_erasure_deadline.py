from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="ending",
            name="warned_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="prévenu, en jours avant"),
        ),
        migrations.AddField(
            model_name="ending",
            name="self_ordered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="effacement demandé de lui-même le"),
        ),
    ]
