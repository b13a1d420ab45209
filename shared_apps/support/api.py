"""Headers of the requests for help, and the figures of the assistance, for programs of the académie."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.api.views import NotKept, Resource
from shared_apps.support.figures import Figures, figures_of
from shared_apps.support.models import AccessRequest, TicketHeader
from shared_apps.support.vocabulary import AccessState, Category, Level, Priority, State


class TicketSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="commune.insee")

    class Meta:
        model = TicketHeader
        fields = [
            "id", "commune", "uai", "category", "priority", "state", "level", "profile", "opened_at", "taken_at",
            "answered_at", "solved_at", "answer_due_at", "solve_due_at", "answer_minutes", "solve_minutes", "reopened",
            "rating",
        ]  # fmt: skip


class Tickets(Resource):
    """Les demandes d’aide : leur en-tête seulement, la conversation reste dans la commune."""

    permission = "helpdesk.view_tickets"
    queryset = TicketHeader.objects.select_related("commune").order_by("opened_at", "pk")
    serializer_class = TicketSerializer
    filters = {
        "state": ("state", serializers.ChoiceField(State)),
        "level": ("level", serializers.ChoiceField(Level)),
        "category": ("category", serializers.ChoiceField(Category)),
        "priority": ("priority", serializers.ChoiceField(Priority)),
        "commune": ("commune__insee", serializers.CharField(max_length=5)),
    }


class AccessSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="commune.insee")

    class Meta:
        model = AccessRequest
        fields = [
            "id", "commune", "scope", "uai", "reason", "minutes", "ticket", "state", "created_at", "ends_at",
            "ended_at", "ended_by",
        ]  # fmt: skip


class Accesses(Resource):
    """Les accès que vous avez demandés ; tous, pour l’administrateur. Ce qui a été lu est au journal de la commune."""

    permission = "helpdesk.view_accesses"
    queryset = AccessRequest.objects.select_related("commune")
    serializer_class = AccessSerializer
    filters = {
        "state": ("state", serializers.ChoiceField(AccessState)),
        "commune": ("commune__insee", serializers.CharField(max_length=5)),
    }


class FiguresSerializer(serializers.Serializer):
    category = serializers.CharField(source="code", help_text="Vide : tous les sujets.")
    opened = serializers.IntegerField()
    answer_minutes = serializers.IntegerField(allow_null=True, help_text="Médiane, en minutes ouvrées.")
    solve_minutes = serializers.IntegerField(allow_null=True, help_text="Médiane, en minutes ouvrées.")
    answered = serializers.IntegerField()
    answered_in_time = serializers.IntegerField()
    solved = serializers.IntegerField()
    solved_in_time = serializers.IntegerField()
    rated = serializers.IntegerField()
    rating = serializers.FloatField(allow_null=True)


class SupportFigures(NotKept, APIView):
    """Les délais de l’assistance académique sur quatre-vingt-dix jours, ensemble puis par sujet."""

    @extend_schema(responses=FiguresSerializer(many=True))
    def get(self, request: Any) -> Response:
        if not request.user.has_perm("helpdesk.view_tickets"):
            raise PermissionDenied
        whole, by_category = figures_of(request.user)
        rows: list[Figures] = [whole, *by_category]
        return Response(FiguresSerializer(rows, many=True).data)
