from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0001_first_surveys'),
    ]

    operations = [
        migrations.AddField(
            model_name='response',
            name='is_counted',
            field=models.BooleanField(db_default=True, default=True, verbose_name='lue'),
        ),
    ]
