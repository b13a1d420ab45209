"""What each step does, in its transaction, in the owner's session, from the public schema. Each is safe to repeat.

A step returns the words that follow its name on the page (« Tables : 61 »), or nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.tenancy import in_schema
from provisioning import schemas, spares, template
from provisioning.models import Opening, OpeningStep
from provisioning.opening import first_accounts, invitations, reference_data
from shared_apps.onboarding.services import OpeningFacts, mark_open
from tenants.hosts import announce_change
from tenants.models import Commune, Domain
from tenants.names import schema_for

Name = OpeningStep.Name


def requested(opening: Opening, facts: OpeningFacts) -> str:
    """Done by the request itself."""
    return ""


def schema(opening: Opening, facts: OpeningFacts) -> str:
    """A spare takes the commune's name, or an empty schema is made; the Commune is known, and closed."""
    name = schema_for(opening.insee)
    if Commune.objects.filter(schema_name=name).exists():
        return ""
    spare = spares.take(name)
    if spare is None:
        schemas.create(name)
    Commune.objects.create(
        schema_name=name,
        insee=opening.insee,
        name=opening.commune_name,
        department_code=opening.department_code,
        state=Commune.State.OPENING,
    )
    return _("neuf") if spare is None else _("tiré de la réserve")


def tables(opening: Opening, facts: OpeningFacts) -> str:
    name = schema_for(opening.insee)
    if not schemas.is_laid(name):
        template.lay(name)
    return str(template.table_count() or schemas.count_tables(name))


def reference_data_(opening: Opening, facts: OpeningFacts) -> str:
    days = reference_data.calendar()
    with in_schema(schema_for(opening.insee)):
        reference_data.lay(facts.schools, days)
    schools = ngettext("%(count)d école", "%(count)d écoles", len(facts.schools)) % {"count": len(facts.schools)}
    return _("%(schools)s, calendrier zone C") % {"schools": schools}


def files(opening: Opening, facts: OpeningFacts) -> str:
    """A folder of its own; object stores have none to make."""
    if isinstance(default_storage, FileSystemStorage):
        folder = settings.MEDIA_ROOT / schema_for(opening.insee)
        folder.mkdir(parents=True, exist_ok=True)
    return ""


def first_accounts_(opening: Opening, facts: OpeningFacts) -> str:
    with in_schema(schema_for(opening.insee)):
        first_accounts.create(facts)
    return first_accounts.in_words(facts)


def domain(opening: Opening, facts: OpeningFacts) -> str:
    commune = Commune.objects.get(insee=opening.insee)
    Domain.objects.bulk_create([Domain(domain=opening.domain, tenant=commune, is_primary=True)], ignore_conflicts=True)
    attached = Domain.objects.get(domain=opening.domain)
    if attached.tenant_id != commune.pk:
        raise DomainError(
            _("L’adresse %(domain)s est déjà celle d’une autre commune.") % {"domain": opening.domain},
            code="domain_taken",
        )
    announce_change()
    return opening.domain


def ready(opening: Opening, facts: OpeningFacts) -> str:
    """The door is opened, the case says so, the first codes leave by mail."""
    now = timezone.now()
    Commune.objects.filter(insee=opening.insee).update(state=Commune.State.OPEN, opened_at=now)
    opening.state, opening.ended_at, opening.worker_pid, opening.facts = Opening.State.READY, now, None, {}
    opening.save()
    mark_open(actor=opening.requested_by, insee=opening.insee)  # leaves the audit entry
    with in_schema(schema_for(opening.insee)):
        invitations.plan()
    announce_change()
    return ""


STEPS: dict[str, Callable[[Opening, OpeningFacts], str]] = {
    Name.REQUESTED: requested,
    Name.SCHEMA: schema,
    Name.TABLES: tables,
    Name.REFERENCE_DATA: reference_data_,
    Name.FILES: files,
    Name.FIRST_ACCOUNTS: first_accounts_,
    Name.DOMAIN: domain,
    Name.READY: ready,
}
