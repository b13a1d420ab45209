"""Schools, years and classes for programs: the rows that the pages would show to the same person."""

from rest_framework import serializers

from shared_apps.api.views import Resource
from tenant_apps.schools.models import School, SchoolClass, SchoolYear


class SchoolSerializer(serializers.ModelSerializer):
    class Meta:
        model = School
        fields = ["id", "uai", "name", "kind", "address", "postal_code", "is_open"]


class SchoolYearSerializer(serializers.ModelSerializer):
    class Meta:
        model = SchoolYear
        fields = ["id", "label", "starts_on", "ends_on"]


class SchoolClassSerializer(serializers.ModelSerializer):
    pupils = serializers.IntegerField(help_text="Nombre d’élèves inscrits aujourd’hui.", read_only=True)

    class Meta:
        model = SchoolClass
        fields = ["id", "school", "year", "label", "pupils"]
        read_only_fields = fields


class Schools(Resource):
    """Les écoles que vous voyez."""

    queryset = School.objects.all()
    serializer_class = SchoolSerializer
    filters = {"uai": ("uai", serializers.CharField(max_length=8))}


class SchoolYears(Resource):
    """Les années scolaires de la commune."""

    queryset = SchoolYear.objects.all()
    serializer_class = SchoolYearSerializer
    filters = {"label": ("label", serializers.CharField(max_length=9))}


class SchoolClasses(Resource):
    """Les classes de l’année que vous voyez."""

    queryset = SchoolClass.objects.all()
    serializer_class = SchoolClassSerializer
    filters = {"school": ("school", serializers.UUIDField()), "year": ("year", serializers.UUIDField())}

    def get_queryset(self):
        return super().get_queryset().with_pupil_count()
