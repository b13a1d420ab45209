"""Interventions, incidents, « Ce qui change » and the state of the service, for programs of the académie's staff."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.api.views import NotKept, Resource
from shared_apps.maintenance.models import Change, Incident, IncidentUpdate, Part, Reader, Window
from shared_apps.maintenance.pages import describe

VIEW = "maintenance.view_maintenance"


class AffectedSerializer(serializers.ModelSerializer):
    communes = serializers.ListField(child=serializers.CharField(), help_text="Codes INSEE ; vide : toutes.")
    parts = serializers.ListField(child=serializers.ChoiceField(Part), help_text="Vide : tous les services.")


class WindowSerializer(AffectedSerializer):
    state = serializers.ChoiceField(["planned", "running", "over", "cancelled"])

    class Meta:
        model = Window
        fields = ["id", "title", "detail", "access", "state", "starts_at", "ends_at", "communes", "parts"]


class IncidentUpdateSerializer(serializers.ModelSerializer):
    class Meta:
        model = IncidentUpdate
        fields = ["at", "words"]


class IncidentSerializer(AffectedSerializer):
    updates = IncidentUpdateSerializer(many=True)

    class Meta:
        model = Incident
        fields = ["id", "title", "severity", "started_at", "ended_at", "cause", "communes", "parts", "updates"]


class ChangeSerializer(serializers.ModelSerializer):
    readers = serializers.ListField(child=serializers.ChoiceField(Reader), help_text="Vide : tout le monde.")

    class Meta:
        model = Change
        fields = ["id", "title", "body", "readers", "published_at"]


class Windows(Resource):
    """Les interventions, passées et à venir."""

    permission = VIEW
    queryset = Window.objects.all()
    serializer_class = WindowSerializer
    filters = {"access": ("access", serializers.ChoiceField(Window.Access))}


class Incidents(Resource):
    """Les incidents et leurs messages."""

    permission = VIEW
    queryset = Incident.objects.prefetch_related("updates")
    serializer_class = IncidentSerializer
    filters = {"severity": ("severity", serializers.ChoiceField(Incident.Severity))}


class Changes(Resource):
    """Ce qui change, brouillons compris (`published_at` nul)."""

    permission = VIEW
    queryset = Change.objects.all()
    serializer_class = ChangeSerializer


class PartStateSerializer(serializers.Serializer):
    code = serializers.ChoiceField(Part)
    label = serializers.CharField()
    state = serializers.CharField(help_text="ok, maintenance, disturbed, down, unknown")
    checks = serializers.IntegerField(help_text="Mesures en 90 jours.")
    failures = serializers.IntegerField(help_text="Mesures sans réponse.")


class StateSerializer(serializers.Serializer):
    overall = serializers.CharField(help_text="ok, maintenance, disturbed, down, unknown")
    written_at = serializers.DateTimeField(allow_null=True)
    parts = PartStateSerializer(many=True)


class ServiceState(NotKept, APIView):
    """L’état de chaque service. Sans compte, et base arrêtée : `/etat/etat.json`."""

    @extend_schema(responses=StateSerializer)
    def get(self, request: Any) -> Response:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        return Response(StateSerializer(describe()).data)
