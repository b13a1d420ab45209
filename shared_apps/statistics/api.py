"""Adoption for programs of the academy's staff, as far as one's perimeter goes."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.api.views import NotKept
from shared_apps.statistics.adoption import Adoption, Standing


class StandingSerializer(serializers.Serializer):
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    communes_joined = serializers.IntegerField()
    communes_with_public_school = serializers.IntegerField()
    communes_rate = serializers.FloatField(allow_null=True, help_text="En pour cent, à une décimale.")
    public_schools_joined = serializers.IntegerField()
    public_schools = serializers.IntegerField()
    public_schools_rate = serializers.FloatField(allow_null=True)
    pupils = serializers.IntegerField(help_text="Des écoles publiques qui ont rejoint.")


class AdoptionSerializer(serializers.Serializer):
    on = serializers.DateField()
    total = StandingSerializer()
    departments = StandingSerializer(many=True)
    districts = StandingSerializer(many=True)


class AdoptionFigures(NotKept, APIView):
    """Où en sont les adhésions dans votre périmètre, aujourd’hui ou un autre jour."""

    @extend_schema(parameters=[OpenApiParameter("on", serializers.DateField())], responses=AdoptionSerializer)
    def get(self, request: Any) -> Response:
        if not request.user.has_perm("statistics.view_statistics"):
            raise PermissionDenied
        asked = request.query_params.get("on")
        adoption = Adoption(request.user, on=serializers.DateField().run_validation(asked) if asked else None)
        facts = {
            "on": adoption.on,
            "total": _told(adoption.standing("", "Ensemble")),
            "departments": [_told(row) for row in adoption.by_department()],
            "districts": [_told(row) for row in adoption.by_district()],
        }
        return Response(AdoptionSerializer(facts).data)


def _told(row: Standing) -> dict[str, Any]:
    return {"code": row.code, "name": row.name} | row.as_export()
