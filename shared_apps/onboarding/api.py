"""The académie for programs of its staff: communes, joined or not, and schools, as far as one's perimeter goes."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from shared_apps.api.views import Resource
from shared_apps.onboarding import in_force
from shared_apps.onboarding.blocking import blocker
from shared_apps.onboarding.models import Case, CaseTask, Convention, ConventionSignature, Wave, WaveAct, WaveItem
from shared_apps.reference.models import Department, RefCommune, RefSchool


class CommuneSerializer(serializers.ModelSerializer):
    has_joined = serializers.BooleanField(read_only=True, help_text="Une convention est en vigueur.")
    state = serializers.CharField(
        source="case.state", default=None, allow_null=True, help_text="L’état de son dossier, s’il y en a un."
    )

    class Meta:
        model = RefCommune
        fields = ["insee", "name", "department_code", "postal_codes", "population", "epci_name", "has_joined", "state"]


class RefSchoolSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="commune_id")
    district = serializers.CharField(source="district_id", allow_null=True)

    class Meta:
        model = RefSchool
        fields = ["uai", "name", "kind", "sector", "commune", "district", "postal_code", "pupils"]


class Communes(Resource):
    """Les communes de votre périmètre."""

    permission = "onboarding.view_communes"
    queryset = RefCommune.objects.current().select_related("case")
    serializer_class = CommuneSerializer
    lookup_field, lookup_value_converter = "insee", "str"
    filters = {
        "department": ("department_code", serializers.ChoiceField(Department)),
        "epci": ("epci_code", serializers.CharField(max_length=9)),
        "joined": ("has_joined", serializers.BooleanField()),
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(has_joined=Q(insee__in=in_force.joined_communes()))


class RefSchools(Resource):
    """Les écoles de votre périmètre, publiques et privées."""

    permission = "onboarding.view_communes"
    queryset = RefSchool.objects.current()
    serializer_class = RefSchoolSerializer
    lookup_field, lookup_value_converter = "uai", "str"
    filters = {
        "commune": ("commune_id", serializers.CharField(max_length=5)),
        "sector": ("sector", serializers.ChoiceField(RefSchool.Sector)),
    }


class Undone(serializers.BooleanField):
    """`done=true`: those that have a day."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return not super().run_validation(data)


class CaseSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="commune_id")
    waits_for = serializers.SerializerMethodField(help_text="Ce qui est attendu pour avancer ; vide si rien.")
    late_tasks = serializers.IntegerField(read_only=True, help_text="Tâches dont la date est passée.")

    class Meta:
        model = Case
        fields = ["id", "commune", "state", "state_since", "waits_for", "late_tasks"]

    def get_waits_for(self, case: Case) -> str:
        waits = blocker(case)
        # A name is nobody's business here: the page says who.
        return waits.side if waits else ""


class Cases(Resource):
    """Les dossiers d’adhésion de votre périmètre, et de quel côté ils attendent : `academy` ou `town`."""

    permission = "onboarding.view_communes"
    queryset = (
        Case.objects.select_related("owner")
        .prefetch_related("contacts", "mandates", "conventions", "endings")
        .with_late_tasks()
    )
    serializer_class = CaseSerializer
    filters = {"state": ("state", serializers.ChoiceField(Case.State))}


class CaseTaskSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="case.commune_id")
    is_overdue = serializers.BooleanField(read_only=True)

    class Meta:
        model = CaseTask
        fields = ["id", "commune", "title", "due_on", "done_on", "is_overdue"]


class CaseTasks(Resource):
    """Les tâches des dossiers, pour qui suit les communes."""

    permission = "onboarding.manage_case"
    queryset = CaseTask.objects.select_related("case")
    serializer_class = CaseTaskSerializer
    filters = {
        "commune": ("case__commune", serializers.CharField(max_length=5)),
        "done": ("done_on__isnull", Undone()),
    }


class SignatureSerializer(serializers.ModelSerializer):
    class Meta:
        model = ConventionSignature
        fields = ["side", "signer_quality", "signed_on", "place", "is_electronic"]


class ConventionSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="case.commune_id")
    party_siren = serializers.CharField(source="party.siren", default=None, allow_null=True)
    stage = serializers.ChoiceField(Convention.Stage, help_text="Où en sont ses signatures.")
    in_force_on = serializers.DateField(allow_null=True)
    schools = serializers.ListField(child=serializers.CharField(), source="uais")
    withdrawn_schools = serializers.ListField(child=serializers.CharField(), source="withdrawn_uais")
    signatures = SignatureSerializer(many=True)
    sha256 = serializers.CharField(
        source="sealed.sha256", default=None, allow_null=True, help_text="Empreinte du fichier signé en ligne."
    )

    class Meta:
        model = Convention
        fields = [
            "number",
            "kind",
            "commune",
            "party_siren",
            "template_version",
            "stage",
            "drafted_on",
            "deliberated_on",
            "in_force_on",
            "starts_on",
            "ends_on",
            "term_months",
            "renewal",
            "schools",
            "withdrawn_schools",
            "signatures",
            "sha256",
        ]


class Conventions(Resource):
    """Les conventions et les avenants des communes de votre périmètre."""

    permission = "onboarding.view_communes"
    queryset = Convention.objects.with_signatures().with_stage()
    serializer_class = ConventionSerializer
    lookup_field, lookup_value_converter = "number", "str"
    filters = {
        "commune": ("case__commune_id", serializers.CharField(max_length=5)),
        "department": ("case__commune__department_code", serializers.ChoiceField(Department)),
        "kind": ("kind", serializers.ChoiceField(Convention.Kind)),
        "stage": ("stage", serializers.ChoiceField(Convention.Stage)),
    }


class WaveSerializer(serializers.ModelSerializer):
    communes = serializers.SlugRelatedField(slug_field="insee", many=True, read_only=True)

    class Meta:
        model = Wave
        fields = ["id", "name", "created_at", "communes"]


class Waves(Resource):
    """Les vagues de communes, pour qui suit les communes."""

    permission = "onboarding.manage_case"
    queryset = Wave.objects.prefetch_related("communes")
    serializer_class = WaveSerializer


class WaveItemSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="commune_id")

    class Meta:
        model = WaveItem
        fields = ["commune", "state", "reason", "ended_at"]


class WaveActSerializer(serializers.ModelSerializer):
    communes = WaveItemSerializer(source="items", many=True)

    class Meta:
        model = WaveAct
        fields = ["id", "wave", "kind", "state", "created_at", "ended_at", "communes"]


class WaveActs(Resource):
    """Les actes demandés pour une vague, et ce qu’il en est pour chaque commune."""

    permission = "onboarding.manage_case"
    queryset = WaveAct.objects.prefetch_related("items")
    serializer_class = WaveActSerializer
    filters = {
        "wave": ("wave", serializers.UUIDField()),
        "state": ("state", serializers.ChoiceField(WaveAct.State)),
    }
