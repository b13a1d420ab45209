"""A commune's pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.urls import api
from core.routes import by_first_word
from provisioning.demo.urls import ticket
from tenant_apps.people.views.search import search
from tenant_apps.support.views.tickets import help_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tenant_apps.home.urls")),
    path("", include("shared_apps.accounts.urls")),
    path("fichiers/", include("shared_apps.files.urls")),
    path("notifications/", include("shared_apps.notifications.urls")),
    path("", include("tenant_apps.people.urls")),
    path("", include("tenant_apps.pupil_access.urls")),
    path("recherche/", search, name="search"),  # named for the header, which belongs to no app
    path("imports/", include("tenant_apps.imports.urls")),
    path("", include("tenant_apps.departures.urls")),
    path("annee-prochaine/", include("tenant_apps.year_change.urls")),
    path("messages/signales/", include("tenant_apps.moderation.urls")),
    path("messages/", include("tenant_apps.messages.urls")),
    path("devoirs/", include("tenant_apps.homework.urls")),
    path("mots/", include("tenant_apps.liaison.urls")),
    path("livrets/", include("tenant_apps.report_cards.urls")),
    path("carnet/", include("tenant_apps.progress_notebook.urls")),
    path("agenda/", include("tenant_apps.agenda.urls")),
    path("", include("tenant_apps.attendance.urls")),
    path("", include("tenant_apps.links.urls")),
    path("mon-compte/cles/", include("shared_apps.api.token_urls")),
    path("api/v1/", include((api.commune, "api"))),
    path("formations/", include("tenant_apps.trainees.urls")),
    path("actualites/", include("tenant_apps.news.urls")),
    path("sorties/", include("tenant_apps.outings.urls")),
    path("familles-non-touchees/", include("tenant_apps.reach.urls")),
    path("sondages/", include("tenant_apps.surveys.urls")),
    path("nouveautes/", include("shared_apps.maintenance.news_urls")),
    path("equipement/", include("tenant_apps.equipment.urls")),
    path("usage/", include("tenant_apps.usage.urls")),
    path("droits/", include("tenant_apps.rights.urls")),
    path("aide/", help_page, name="help"),  # named for the header, which belongs to no app
    path("", include("tenant_apps.support.urls")),
]
if settings.ENT_DEMO:
    urlpatterns += ticket
urlpatterns = by_first_word(urlpatterns)
handler500 = "core.views.server_error"
