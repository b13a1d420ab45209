"""The life of conventions for programs of the académie: dates, states, digests of packages. Nothing is downloaded."""

from typing import Any

from rest_framework import serializers

from shared_apps.api.views import Resource
from shared_apps.lifecycle.models import Ending, Package
from shared_apps.reference.models import Department


class PackageSerializer(serializers.ModelSerializer):
    received_at = serializers.SerializerMethodField(help_text="La première remise ; vide tant que personne n’est venu.")

    class Meta:
        model = Package
        fields = ["kind", "uai", "state", "rows", "files", "size", "sha256", "received_at"]

    def get_received_at(self, package: Package) -> Any:
        days = [row.received_at for row in package.handovers.all() if row.received_at]
        return min(days, default=None)


class EndingSerializer(serializers.ModelSerializer):
    commune = serializers.CharField(source="case.commune_id")
    packages = PackageSerializer(many=True)

    class Meta:
        model = Ending
        fields = [
            "id",
            "commune",
            "state",
            "is_termination",
            "ended_on",
            "readable_until",
            "archived_at",
            "erase_by",
            "ordered_at",
            "erasable_at",
            "erased_at",
            "statement_sha256",
            "packages",
        ]


class Endings(Resource):
    """Les fins de conventions des communes de votre périmètre : dates, échéances, empreintes des paquets remis."""

    permission = "lifecycle.view_life"
    queryset = Ending.objects.select_related("case").prefetch_related("packages__handovers")
    serializer_class = EndingSerializer
    filters = {
        "commune": ("case__commune_id", serializers.CharField(max_length=5)),
        "department": ("case__commune__department_code", serializers.ChoiceField(Department)),
        "state": ("state", serializers.ChoiceField(Ending.State)),
    }
