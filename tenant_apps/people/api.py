"""The directory for programs: the rows and the columns that the pages would show to the same person, and no more.

Never: the INE, which serves matching only. To the head and the class's teachers only: birth date, address, PAI flag.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from shared_apps.api.views import NotKept, Resource
from tenant_apps.people import services
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.profiles import PROFILES, standing_of
from tenant_apps.people.services.families import CHANGEABLE
from tenant_apps.schools.models import Grade


class PupilSerializer(serializers.ModelSerializer):
    first_name = serializers.CharField(source="person.first_name")
    last_name = serializers.CharField(source="person.last_name")
    school_class = serializers.SerializerMethodField(help_text="La classe d’aujourd’hui, si vous la voyez.")
    grade = serializers.SerializerMethodField()
    birth_date = serializers.SerializerMethodField(help_text="Pour la famille, la direction et la classe.")
    has_pai = serializers.SerializerMethodField(help_text="« PAI : voir le document papier », direction et classe.")

    class Meta:
        model = Pupil
        fields = ["id", "first_name", "last_name", "cover", "school_class", "grade", "birth_date", "has_pai"]

    def get_school_class(self, pupil: Any) -> str | None:
        return str(pupil.today[0].school_class_id) if pupil.today else None

    def get_grade(self, pupil: Any) -> str | None:
        return pupil.today[0].grade if pupil.today else None

    def get_birth_date(self, pupil: Any) -> str | None:
        day = pupil.person.birth_date
        return day.isoformat() if day and (pupil.opens_family or pupil.is_own) else None

    def get_has_pai(self, pupil: Any) -> bool | None:
        return pupil.has_pai if pupil.opens_family else None


class PersonSerializer(serializers.ModelSerializer):
    last_name = serializers.CharField(read_only=True)

    class Meta:
        model = Person
        fields = ["id", "civility", "first_name", "last_name"]


class GuardianPersonSerializer(PersonSerializer):
    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "email", "phone", "address", "postal_code", "city"]


class GuardianSerializer(serializers.ModelSerializer):
    guardian = GuardianPersonSerializer(read_only=True)

    class Meta:
        model = Guardianship
        fields = ["id", "pupil", "guardian", *CHANGEABLE]
        read_only_fields = ["id", "pupil", "guardian"]


class EnrollmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Enrollment
        fields = ["id", "pupil", "school_class", "grade", "starts_on", "ends_on"]


class StaffAssignmentSerializer(serializers.ModelSerializer):
    person = PersonSerializer(read_only=True)

    class Meta:
        model = StaffAssignment
        fields = ["id", "person", "role", "school", "school_class", "starts_on", "ends_on"]


class Pupils(Resource):
    """Les élèves que vous voyez."""

    queryset = Pupil.objects.select_related("person")
    serializer_class = PupilSerializer
    filters = {
        "school": ("pk__in", serializers.UUIDField()),
        "class": ("pk__in", serializers.UUIDField()),
    }

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        user = self.request.user
        seen = Enrollment.objects.visible_to(user).order_by("starts_on", "pk")
        own = Guardianship.objects.current().filter(guardian__account=user, pupil=OuterRef("pk"))
        family = Pupil.objects.families_open_to(user).filter(pk=OuterRef("pk"))
        rows = rows.annotate(opens_family=Exists(family), is_own=Exists(own) | Q(person__account=user))
        return rows.prefetch_related(Prefetch("enrollments", seen, to_attr="today"))

    def _value(self, name: str) -> Any:
        """Those enrolled there today."""
        place = {"school": "school_class__school", "class": "school_class"}[name]
        asked = super()._value(name)
        return Enrollment.objects.visible_to(self.request.user).filter(**{place: asked}).values("pupil")


class Guardians(mixins.UpdateModelMixin, Resource):
    """Les responsables des élèves dont vous connaissez les familles, et vos propres liens."""

    queryset = Guardianship.objects.select_related("guardian", "pupil")
    serializer_class = GuardianSerializer
    filters = {"pupil": ("pupil", serializers.UUIDField())}
    http_method_names = ["get", "patch", "head", "options"]

    def perform_update(self, serializer: Any) -> None:
        link = serializer.instance
        serializer.instance = services.change_guardianship(
            actor=self.request.user, guardianship=link, **serializer.validated_data
        )

    def update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        if not request.user.has_perm("people.manage_pupil", self.get_object().pupil):
            raise PermissionDenied
        return super().update(request, *args, **kwargs)


class Enrollments(Resource):
    """Les inscriptions d’aujourd’hui, dans les classes que vous voyez."""

    queryset = Enrollment.objects.all()
    serializer_class = EnrollmentSerializer
    filters = {
        "class": ("school_class", serializers.UUIDField()),
        "pupil": ("pupil", serializers.UUIDField()),
        "grade": ("grade", serializers.ChoiceField(Grade)),
    }


class StaffAssignments(Resource):
    """Les fonctions d’aujourd’hui des adultes que vous voyez."""

    queryset = StaffAssignment.objects.select_related("person")
    serializer_class = StaffAssignmentSerializer
    filters = {
        "school": ("school", serializers.UUIDField()),
        "class": ("school_class", serializers.UUIDField()),
        "role": ("role", serializers.ChoiceField(StaffAssignment.Role)),
    }

    @extend_schema(request=None, responses=StaffAssignmentSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Any, pk: Any) -> Response:
        """Met fin à la fonction, aujourd’hui."""
        assignment = self.get_object()
        if assignment.school is None or not request.user.has_perm("people.manage_staff", assignment.school):
            raise PermissionDenied
        ended = services.end_assignment(actor=request.user, assignment=assignment)
        return Response(self.get_serializer(ended).data, status=status.HTTP_200_OK)


class MeSerializer(serializers.Serializer):
    person = PersonSerializer(allow_null=True)
    profiles = serializers.ListField(child=serializers.ChoiceField(PROFILES))
    children = serializers.ListField(child=serializers.UUIDField(), help_text="Les élèves dont vous êtes responsable.")


class Me(NotKept, APIView):
    """Qui vous êtes ici aujourd’hui."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Any) -> Response:
        links = Guardianship.objects.current().filter(guardian__account=request.user)
        facts = {
            "person": Person.objects.filter(account=request.user).first(),
            "profiles": standing_of(request.user).profiles,
            "children": list(links.order_by("pk").values_list("pupil", flat=True)),
        }
        return Response(MeSerializer(facts).data)
