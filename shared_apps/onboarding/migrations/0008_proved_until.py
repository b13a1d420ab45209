from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0007_line_of_a_wave")]

    operations = [
        migrations.AddField(
            model_name="convention",
            name="proved_until",
            field=models.DateField(blank=True, null=True, verbose_name="prouvé jusqu’au"),
        ),
    ]
