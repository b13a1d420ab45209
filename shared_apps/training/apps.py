import re
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import registry

UAI = re.compile(r"[0-9]{7}[A-Z]")


class TrainingConfig(AppConfig):
    """The academy's training: catalogue, sessions, seats, attendance, coverage of the schools. Public schema only.

    No name of a teacher is kept here: registrations are ids that their commune alone can name (ADR 0024).
    """

    name = "shared_apps.training"
    verbose_name = _("formations")

    def ready(self) -> None:
        from shared_apps.training import permissions, telling  # noqa: F401  (declares the rights)
        from shared_apps.training.services import registrations

        registry.outbox_handlers.register(telling.TELL, telling.deliver)
        request = {"registration": UUID, "session": UUID, "trainee": UUID, "uai": UAI}
        registry.uplink_handlers.register("training.request", registry.Uplink(request, registrations.hear_request))
        registry.uplink_handlers.register(
            "training.withdrawal", registry.Uplink({"registration": UUID}, registrations.hear_withdrawal)
        )
        registry.uplink_handlers.register(
            "training.rating", registry.Uplink({"registration": UUID, "rating": int}, registrations.hear_rating)
        )
        entry = registry.MenuEntry(
            _("Formation"),
            "training:sessions",
            "chalkboard-teacher",
            frozenset({"academy"}),
            order=40,
            permission="training.view_sessions",
        )
        registry.menu_entries.register("academy.training", entry)
