"""`manage.py staff add nadia.bousquet …`: the first administrator has nobody to create their account."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_public
from core.words import moment
from shared_apps.accounts import staff
from shared_apps.accounts.models import StaffRole, User
from shared_apps.accounts.services import activation_code
from tenants.addresses import base_url


class Command(BaseCommand):
    help = "Les comptes de l’académie : en ajouter un avec son rôle, redonner un code à qui a tout perdu, les lister."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="ajouter un compte ; son code d’activation est affiché")
        add.add_argument("identifier", help="par exemple nadia.bousquet")
        add.add_argument("--first-name", required=True)
        add.add_argument("--last-name", required=True)
        add.add_argument("--email", default="")
        add.add_argument("--role", required=True, choices=StaffRole.Role.values)
        add.add_argument("--scope", default="", help="UAI de la circonscription, ou code du département")
        code = verbs.add_parser("code", help="nouveau code, second facteur à réinstaller")
        code.add_argument("identifier")
        verbs.add_parser("list", help="les comptes, leurs rôles, s’ils sont activés")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            with in_public():
                getattr(self, f"_{verb}")(options)
        except (DomainError, ValidationError) as refusal:
            raise CommandError(getattr(refusal, "message", str(refusal))) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        if options["email"]:
            validate_email(options["email"])
        names = ("identifier", "first_name", "last_name", "email", "role", "scope")
        self._show_code(staff.add_staff(actor=None, **{name: options[name] for name in names}))

    def _code(self, options: dict[str, Any]) -> None:
        self._show_code(staff.let_in_again(actor=None, identifier=options["identifier"]))

    def _show_code(self, user: User) -> None:
        page = base_url() + reverse("accounts:activate", urlconf=settings.PUBLIC_SCHEMA_URLCONF)
        self.stdout.write(_("Identifiant : %(identifier)s") % {"identifier": user.identifier})
        self.stdout.write(_("Code d’activation : %(code)s") % {"code": activation_code(user)})
        if user.code_expires_at:
            self.stdout.write(_("Valable jusqu’au : %(moment)s") % {"moment": moment(user.code_expires_at)})
        self.stdout.write(_("Page : %(page)s") % {"page": page})

    def _list(self, options: dict[str, Any]) -> None:
        for user in User.objects.prefetch_related("staff_roles"):
            roles = ", ".join(f"{row.role} {row.scope}".strip() for row in user.staff_roles.all())
            state = _("fermé") if not user.is_active else _("activé") if user.is_activated else _("à activer")
            self.stdout.write(f"{user.identifier}  {state}  {roles}")
