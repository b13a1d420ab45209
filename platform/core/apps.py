from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Templates, components, template tags and system checks that every room uses."""

    name = "core"

    def ready(self) -> None:
        from core import checks  # noqa: F401  (registers the checks)
