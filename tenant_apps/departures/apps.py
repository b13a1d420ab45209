from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class DeparturesConfig(AppConfig):
    """Who leaves: warned, served an archive of their work, erased on the day the law's three months run out.

    For everybody who has no right left, for the families of pupils who leave the school, and for heads and the town,
    who follow. What each app holds of a person it says by `registry.works` and `registry.erasers`.
    """

    name = "tenant_apps.departures"
    verbose_name = _("départs")
    packages = {
        "Departure": packages.school("school"),
        "Archive": packages.apart("une archive demandée par une famille, et remise à elle"),
    }

    def ready(self) -> None:
        from tenant_apps.departures import archives, checks, permissions  # noqa: F401  (rights, start-up checks)

        leaving = registry.NoticeType(
            _("Un départ, des données à garder"), frozenset({"guardian"}), "do", has_push=False
        )
        registry.notice_types.register("departures", leaving)
        registry.file_readers.register(archives.PURPOSE, archives.may_read)
        registry.outbox_handlers.register(archives.KIND, archives.deliver)
        registry.resource_links.register(
            "departures",
            registry.ResourceLink(
                _("Départs"),
                "departures:departures",
                "sign-out",
                frozenset({"head", "municipal"}),
                70,
                "departures.follow",
            ),
        )
        registry.resource_links.register(
            "departures.leaving",
            registry.ResourceLink(
                _("Départ et travaux à garder"), "departures:leaving", "archive", frozenset({"guardian"}), 80
            ),
        )
