from django.db import migrations, models


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
            field=models.CharField(
                choices=[
                    ("initial", "convention"),
                    ("amendment", "avenant"),
                    ("imported", "convention reprise de l’historique"),
                    ("former", "convention d’avant, close"),
                ],
                default="initial",
                max_length=9,
                verbose_name="nature",
            ),
        ),
    ]
