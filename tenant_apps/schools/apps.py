from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages


class SchoolsConfig(AppConfig):
    """Foundation: schools, school years, week patterns, classes."""

    name = "tenant_apps.schools"
    verbose_name = _("écoles")
    packages = {
        "School": packages.school("pk"),
        "SchoolYear": packages.school("classes__school"),
        "SchoolClass": packages.school("school"),
        "CalendarDay": packages.apart("le calendrier officiel, publié par le ministère"),
    }
