from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Foundation: pupils, guardians, staff; who is linked to whom and since when."""

    name = "tenant_apps.people"
    verbose_name = _("personnes")
