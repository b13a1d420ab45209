"""Training for programs of the academy's staff: catalogue, sessions, coverage of the schools. No name of a trainee."""

from rest_framework import serializers

from shared_apps.api.views import Resource
from shared_apps.reference.models import RefSchool
from shared_apps.training import coverage
from shared_apps.training.models import Session, Training


class TrainingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Training
        fields = ["id", "title", "level", "audience", "hours", "objectives", "is_offered"]


class SessionSerializer(serializers.ModelSerializer):
    seated = serializers.IntegerField(read_only=True, help_text="Inscrits qui ont une place.")
    waiting = serializers.IntegerField(read_only=True, help_text="En liste d’attente.")
    present = serializers.IntegerField(read_only=True)

    class Meta:
        model = Session
        fields = [
            "id", "training", "district", "day", "half", "starts_at", "ends_at", "place", "address", "room", "seats",
            "closes_on", "state", "seated", "waiting", "present",
        ]  # fmt: skip


class CoverageSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="commune_id")
    district = serializers.CharField(source="district_id", allow_null=True)
    trained = serializers.IntegerField(read_only=True, help_text="Personnes formées, comptées une fois.")
    teachers = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Enseignants en poste ; null si la commune n’est pas ouverte."
    )

    class Meta:
        model = RefSchool
        fields = ["uai", "name", "commune", "district", "trained", "teachers"]


class Trainings(Resource):
    """Le catalogue des formations."""

    permission = "training.view_sessions"
    queryset = Training.objects.all()
    serializer_class = TrainingSerializer
    filters = {"level": ("level", serializers.ChoiceField(Training.Level))}


class TrainingSessions(Resource):
    """Les sessions de votre périmètre, et celles de toute l’académie."""

    permission = "training.view_sessions"
    queryset = Session.objects.with_counts()
    serializer_class = SessionSerializer
    filters = {
        "district": ("district_id", serializers.CharField(max_length=8)),
        "state": ("state", serializers.ChoiceField(Session.State)),
        "since": ("day__gte", serializers.DateField()),
        "until": ("day__lte", serializers.DateField()),
    }


class TrainingCoverage(Resource):
    """Les écoles publiques de votre périmètre : combien d’enseignants formés."""

    permission = "training.view_sessions"
    queryset = coverage.with_coverage(RefSchool.objects.current().public())
    serializer_class = CoverageSerializer
    lookup_field, lookup_value_converter = "uai", "str"
    filters = {
        "commune": ("commune_id", serializers.CharField(max_length=5)),
        "district": ("district_id", serializers.CharField(max_length=8)),
    }
