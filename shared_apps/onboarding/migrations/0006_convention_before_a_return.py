from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0005_follow_up")]

    operations = [
        migrations.AddField(
            model_name="convention",
            name="closed_on",
            field=models.DateField(blank=True, null=True, verbose_name="close le"),
        ),
        migrations.RemoveConstraint(model_name="convention", name="one_initial_convention_by_case"),
        migrations.AddConstraint(
            model_name="convention",
            constraint=models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(kind="initial", closed_on=None),
                name="one_initial_convention_in_hand",
            ),
        ),
    ]
