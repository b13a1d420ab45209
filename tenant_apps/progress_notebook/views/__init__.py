"""HTTP in, HTTP out. What one may not see is 404; what one sees but may not do is 403."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tenant_apps.progress_notebook.querysets import nursery_classes
from tenant_apps.schools.models import SchoolClass


def class_of(request: HttpRequest, pk: Any) -> SchoolClass:
    return get_object_or_404(nursery_classes(request.user).select_related("school"), pk=pk)


def uuid_of(typed: str | None) -> UUID | None:
    """What an address or a form says, when it is one."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None
