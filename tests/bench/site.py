"""A site of two pages: one query, or one query per table. With our tenancy, or with none."""

from django.apps import apps
from django.http import HttpRequest, JsonResponse
from django.urls import path


def one_query(request: HttpRequest) -> JsonResponse:
    from tenant_apps.schools.models import School

    return JsonResponse({"schools": list(School.objects.order_by("uai").values("uai", "name")[:10])})


def every_table(request: HttpRequest) -> JsonResponse:
    """The worst page for a database session's memory: it touches all that a commune has."""
    from django.conf import settings

    labels = {name.rsplit(".", 1)[-1] for name in settings.TENANT_APPS}
    models = [model for model in apps.get_models() if model._meta.app_label in labels]
    return JsonResponse({"rows": sum(model._default_manager.order_by()[:1].count() for model in models)})


urlpatterns = [path("", one_query), path("tables/", every_table)]
