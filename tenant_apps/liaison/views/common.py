"""What the views of notes share. What one may not see is 404; what one sees but may not do is 403."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tenant_apps.liaison.models import LiaisonNote


def visible_note(request: HttpRequest, pk: Any) -> LiaisonNote:
    return get_object_or_404(
        LiaisonNote.objects.visible_to(request.user).select_related("author", "school", "group"), pk=pk
    )
