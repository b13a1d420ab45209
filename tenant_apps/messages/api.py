"""Messages for programs: one's own, as the pages show them; sending passes the same rules and limits."""

from typing import Any

from rest_framework import mixins, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from shared_apps.api.views import Resource
from tenant_apps.messages import services
from tenant_apps.messages.faces import faces
from tenant_apps.messages.models import Copy, Message
from tenant_apps.people.profiles import profiles_of
from tenants.stops import may_read


class MessageSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="message_id", read_only=True)
    thread = serializers.UUIDField(source="message.thread", read_only=True)
    author = serializers.CharField(source="message.author_name", read_only=True)
    to = serializers.ListField(
        child=serializers.CharField(),
        write_only=True,
        help_text="guardians:<classe>, pupils:<classe>, teachers:<classe>, staff:<école>, heads:<école>, "
        "families:<école>, person:<personne>",
    )
    to_words = serializers.CharField(source="message.to_words", read_only=True)
    subject = serializers.CharField(source="message.subject", max_length=150, allow_blank=True, default="")
    body = serializers.CharField(source="message.body", max_length=10_000)
    is_no_reply = serializers.BooleanField(source="message.is_no_reply", default=False)
    state = serializers.ChoiceField(Message.State, source="message.state", read_only=True)

    class Meta:
        model = Copy
        fields = [
            "id", "thread", "author", "to", "to_words", "subject", "body", "is_no_reply", "state",
            "is_mine", "folder", "arrives_at", "read_at",
        ]  # fmt: skip
        read_only_fields = ["is_mine", "folder", "arrives_at", "read_at"]


class Messages(mixins.CreateModelMixin, Resource):
    """Vos messages reçus et envoyés. Envoyer demande une session : une clé ne fait que lire."""

    queryset = Copy.objects.with_message().filter(trashed_at=None)
    serializer_class = MessageSerializer
    lookup_field = "message"
    lookup_url_kwarg = "pk"
    filters = {"folder": ("folder", serializers.CharField()), "is_mine": ("is_mine", serializers.BooleanField())}
    http_method_names = ["get", "post", "head", "options"]

    def check_permissions(self, request: Any) -> None:
        super().check_permissions(request)
        if not may_read(faces(profiles_of(request.user))):
            raise PermissionDenied

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        typed = asked.validated_data
        draft = services.save_draft(actor=request.user, to=typed["to"], **typed["message"])
        sent = services.send(actor=request.user, message=draft)
        return Response({"id": sent.pk, "state": sent.state, "reached": sent.reached}, status=status.HTTP_201_CREATED)
