from django.db import migrations, models

KINDS = [
    ("initial", "convention"),
    ("amendment", "avenant"),
    ("imported", "convention reprise de l’historique"),
    ("former", "convention d’avant, close"),
]


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0005_follow_up")]

    operations = [
        migrations.AddField(
            model_name="convention",
            name="closed_on",
            field=models.DateField(blank=True, null=True, verbose_name="close le"),
        ),
        migrations.AlterField(
            model_name="convention",
            name="kind",
            field=models.CharField(choices=KINDS, default="initial", max_length=9, verbose_name="nature"),
        ),
        migrations.AlterField(
            model_name="conventiontemplate",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=9, verbose_name="nature"),
        ),
    ]
