"""Homework for programs: what the pages would show to the same person."""

from rest_framework import serializers

from shared_apps.api.views import Resource
from tenant_apps.homework.models import Homework


class HomeworkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Homework
        fields = [
            "id", "school_class", "group", "subject", "title", "instruction", "minutes", "given_on", "due_on",
            "published_on", "recurrence", "until", "is_for_all",
        ]  # fmt: skip
        read_only_fields = fields


class HomeworkList(Resource):
    """Les devoirs du cahier de textes que vous voyez, d’une classe ou d’un groupe d’élèves. `due_on` est le premier
    jour de ceux qui reviennent.
    """

    queryset = Homework.objects.standing()
    serializer_class = HomeworkSerializer
    filters = {
        "school_class": ("school_class", serializers.UUIDField()),
        "group": ("group", serializers.UUIDField()),
        "due_from": ("due_on__gte", serializers.DateField()),
        "due_to": ("due_on__lte", serializers.DateField()),
    }
