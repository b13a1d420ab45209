from django.db import migrations


class Migration(migrations.Migration):
    """The column stays for the processes of the version before, which still write it; the next version drops it."""

    dependencies = [
        ("accounts", "0004_user_password_set_at"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="user", name="last_login")],
        ),
    ]
