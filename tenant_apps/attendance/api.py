"""Attendance for programs: the rows that the pages would show to the same person. The town reads counts only."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.api.views import NotKept, Resource
from tenant_apps.attendance.counts import head_counts
from tenant_apps.attendance.half_days import Half, HalfDay
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.schools.models import School


class RollCallSerializer(serializers.ModelSerializer):
    class Meta:
        model = RollCall
        fields = ["id", "school_class", "day", "half", "state", "validated_at", "version"]


class MarkSerializer(serializers.ModelSerializer):
    day = serializers.DateField(source="roll_call.day")
    half = serializers.ChoiceField(Half, source="roll_call.half")

    class Meta:
        model = Mark
        fields = ["id", "roll_call", "pupil", "day", "half", "kind", "at", "reason", "status"]


class AnnouncementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Announcement
        fields = [
            "id", "lot", "pupil", "starts_on", "starts_half", "ends_on", "ends_half", "reason", "message",
            "handled_at", "withdrawn_at",
        ]  # fmt: skip


class HeadCountSerializer(serializers.Serializer):
    school = serializers.UUIDField(source="school_id")
    school_class = serializers.UUIDField(source="class_id")
    label = serializers.CharField()
    enrolled = serializers.IntegerField()
    absent = serializers.IntegerField()
    present = serializers.IntegerField()
    is_called = serializers.BooleanField()


class RollCalls(Resource):
    """Les appels des classes que vous suivez."""

    queryset = RollCall.objects.all()
    serializer_class = RollCallSerializer
    filters = {
        "class": ("school_class", serializers.UUIDField()),
        "day": ("day", serializers.DateField()),
        "half": ("half", serializers.ChoiceField(Half)),
        "state": ("state", serializers.ChoiceField(RollCall.State)),
    }


class Absences(Resource):
    """Les absences et les retards de vos classes, ou de vos enfants une fois l’appel validé."""

    queryset = Mark.objects.select_related("roll_call")
    serializer_class = MarkSerializer
    filters = {
        "pupil": ("pupil", serializers.UUIDField()),
        "roll_call": ("roll_call", serializers.UUIDField()),
        "day": ("roll_call__day", serializers.DateField()),
        "kind": ("kind", serializers.ChoiceField(Mark.Kind)),
    }


class Announcements(Resource):
    """Les absences annoncées : celles de vos enfants, ou de vos classes."""

    queryset = Announcement.objects.all()
    serializer_class = AnnouncementSerializer
    filters = {"pupil": ("pupil", serializers.UUIDField()), "lot": ("lot", serializers.UUIDField())}


class HeadCounts(NotKept, APIView):
    """Combien d’enfants viennent, classe par classe : ni nom, ni motif. Sans date, la demi-journée en cours."""

    class Asked(serializers.Serializer):
        day = serializers.DateField(required=False)
        half = serializers.ChoiceField(Half, required=False)

    @extend_schema(
        parameters=[OpenApiParameter("day", str), OpenApiParameter("half", str, enum=Half.values)],
        responses=HeadCountSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        if not request.user.has_perm("attendance.view_head_count"):
            raise PermissionDenied
        asked = self.Asked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        half_day = HalfDay.now()._replace(**asked.validated_data)
        schools = School.objects.worked_in_by(request.user)
        return Response(HeadCountSerializer(head_counts(schools, *half_day), many=True).data)
