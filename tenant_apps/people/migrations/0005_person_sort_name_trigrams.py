from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0004_directory")]

    operations = [
        AddIndexConcurrently(
            "person",
            GinIndex(fields=["sort_name"], opclasses=["gin_trgm_ops"], name="person_sort_name_trigrams"),
        ),
    ]
