"""Usage by month for programs of the academy's staff, as far as one's perimeter goes. Counts under five are null."""

from datetime import date
from typing import Any

from rest_framework import serializers

from shared_apps.api.views import Resource
from shared_apps.statistics.usage.models import UsageMonth
from shared_apps.statistics.usage.tally import told
from shared_apps.statistics.usage.words import hidden


class UsageMonthSerializer(serializers.ModelSerializer):
    month = serializers.SerializerMethodField(help_text="AAAA-MM")
    visits = serializers.SerializerMethodField(help_text="Nul si de 1 à 4.")
    visitors = serializers.SerializerMethodField(help_text="Somme des visiteurs de chaque jour ; nul si de 1 à 4.")
    connections = serializers.SerializerMethodField(help_text="Nul si de 1 à 4.")
    cells = serializers.SerializerMethodField(
        help_text="p/profil et u/profil : visites et visiteurs ; s/profil/service et v/profil/service ; h/heure ; "
        "w/jour ; d/appareil. Nul si de 1 à 4, ou si l’on en déduirait un tel nombre."
    )

    class Meta:
        model = UsageMonth
        fields = [
            "id", "level", "code", "month", "visits", "visitors", "connections", "days", "pupils", "schools",
            "department", "district", "insee", "cells",
        ]  # fmt: skip

    def get_month(self, row: UsageMonth) -> str:
        return f"{row.month:%Y-%m}"

    def get_visits(self, row: UsageMonth) -> int | None:
        return hidden(row.visits)

    def get_visitors(self, row: UsageMonth) -> int | None:
        return hidden(row.visitors)

    def get_connections(self, row: UsageMonth) -> int | None:
        return hidden(row.connections)

    def get_cells(self, row: UsageMonth) -> dict[str, int | None]:
        return told(row.cells)


class MonthField(serializers.CharField):
    """« 2026-11 »."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return date.fromisoformat(f"{data}-01")
        except ValueError as error:
            raise serializers.ValidationError("AAAA-MM") from error


class UsageMonths(Resource):
    """L’usage de l’ENT, mois par mois, dans votre périmètre."""

    permission = "statistics.view_statistics"
    queryset = UsageMonth.objects.all()
    serializer_class = UsageMonthSerializer
    filters = {
        "level": ("level", serializers.ChoiceField(UsageMonth.Level)),
        "code": ("code", serializers.CharField(max_length=8)),
        "month": ("month", MonthField()),
        "department": ("department", serializers.CharField(max_length=3)),
    }
