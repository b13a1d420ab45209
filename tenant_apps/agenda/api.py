"""Dates for programs: the rows that the pages would show to the same person."""

from rest_framework import serializers

from shared_apps.api.views import Resource
from tenant_apps.agenda.models import Event


class EventSerializer(serializers.ModelSerializer):
    rrule = serializers.CharField(
        help_text="Règle de répétition (RFC 5545), vide si la date est unique.", read_only=True
    )

    class Meta:
        model = Event
        fields = [
            "id",
            "school",
            "school_class",
            "group",
            "kind",
            "title",
            "place",
            "details",
            "starts_on",
            "ends_on",
            "begins_at",
            "ends_at",
            "rrule",
        ]
        read_only_fields = fields


class Events(Resource):
    """Les dates de l’agenda que vous voyez : de la commune, des écoles, des classes et des groupes d’élèves."""

    queryset = Event.objects.all()
    serializer_class = EventSerializer
    filters = {
        "school": ("school", serializers.UUIDField()),
        "group": ("group", serializers.UUIDField()),
        "class": ("school_class", serializers.UUIDField()),
        "from": ("ends_on__gte", serializers.DateField()),
        "to": ("starts_on__lte", serializers.DateField()),
    }
