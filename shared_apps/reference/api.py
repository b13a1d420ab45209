"""The reference data for programs of the académie's staff: circonscriptions, calendar, what changed and who let it.

Communes and schools, which say who joined, are in `onboarding.api`.
"""

from rest_framework import serializers

from shared_apps.api.views import Resource
from shared_apps.reference.models import CalendarDay, Department, District, ReferenceAct, ReferenceLoad

READ, MANAGE = "onboarding.view_communes", "reference.manage_reference"


class DistrictSerializer(serializers.ModelSerializer):
    class Meta:
        model = District
        fields = ["uai", "name", "short_name", "department_code", "town"]


class CalendarDaySerializer(serializers.ModelSerializer):
    class Meta:
        model = CalendarDay
        fields = ["id", "zone", "school_year", "kind", "label", "starts_on", "ends_on", "resumes_on"]


class LineSerializer(serializers.Serializer):
    what = serializers.CharField(help_text="closed, opened, reopened, town, district, renamed, pupils, other")
    code = serializers.CharField(help_text="UAI, code INSEE ou année scolaire.")
    name = serializers.CharField()
    why = serializers.CharField()


class ReferenceLoadSerializer(serializers.ModelSerializer):
    lines = LineSerializer(many=True)

    class Meta:
        model = ReferenceLoad
        fields = [
            "id",
            "kind",
            "file_name",
            "digest",
            "state",
            "removed",
            "unchanged",
            "lines",
            "created_at",
            "decided_at",
        ]


class ReferenceActSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReferenceAct
        fields = ["id", "what", "code", "words", "reason", "created_at"]


class Districts(Resource):
    """Les circonscriptions de l’académie."""

    permission = READ
    queryset = District.objects.current()
    serializer_class = DistrictSerializer
    lookup_field, lookup_value_converter = "uai", "str"
    filters = {"department": ("department_code", serializers.ChoiceField(Department))}


class CalendarDays(Resource):
    """Rentrées, vacances, ponts et jours fériés de la zone C."""

    permission = READ
    queryset = CalendarDay.objects.current()
    serializer_class = CalendarDaySerializer
    filters = {
        "school_year": ("school_year", serializers.CharField(max_length=9)),
        "kind": ("kind", serializers.ChoiceField(CalendarDay.Kind)),
        "since": ("ends_on__gte", serializers.DateField()),
        "until": ("starts_on__lte", serializers.DateField()),
    }


class ReferenceLoads(Resource):
    """Les fichiers officiels déposés, ligne par ligne, et ce qui en a été décidé."""

    permission = MANAGE
    queryset = ReferenceLoad.objects.defer("content")
    serializer_class = ReferenceLoadSerializer
    filters = {
        "kind": ("kind", serializers.ChoiceField(ReferenceLoad.Kind)),
        "state": ("state", serializers.ChoiceField(ReferenceLoad.State)),
    }


class ReferenceActs(Resource):
    """Ce qui a été changé entre deux fichiers, et pourquoi."""

    permission = MANAGE
    queryset = ReferenceAct.objects.all()
    serializer_class = ReferenceActSerializer
    filters = {
        "what": ("what", serializers.ChoiceField(ReferenceAct.What)),
        "code": ("code", serializers.CharField(max_length=8)),
    }
