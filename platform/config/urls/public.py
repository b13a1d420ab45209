"""The academy’s pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.urls import api
from core.routes import by_first_word
from provisioning.demo.urls import ticket
from shared_apps.mobility.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("", include("shared_apps.onboarding.urls")),
    path("", include("shared_apps.signing.urls")),
    path("", include("shared_apps.statistics.urls")),
    path("", include("shared_apps.mobility.urls")),
    path("formations/", include("shared_apps.training.urls")),
    path("", include("shared_apps.lifecycle.urls")),
    path("colonnes/", include("shared_apps.layouts.urls")),
    path("", include("provisioning.urls")),
    path("assistance/", include("shared_apps.support.urls")),
    path("", include("shared_apps.accounts.urls")),
    path("mon-compte/cles/", include("shared_apps.api.token_urls")),
    path("api/v1/", include((api.academy, "api"))),
    path("bornes/", include("shared_apps.bounds.urls")),
    path("maintenance/", include("shared_apps.maintenance.urls")),
    path("urgence/", include("shared_apps.emergency.urls")),
    path("referentiel/", include("shared_apps.reference.data_urls")),
    path("trouver/", include("shared_apps.reference.urls")),
    path("fichiers/", include("shared_apps.files.urls")),
    path("notifications/", include("shared_apps.notifications.urls")),
]
if settings.ENT_DEMO:
    urlpatterns += ticket
urlpatterns = by_first_word(urlpatterns)
handler500 = "core.views.server_error"
