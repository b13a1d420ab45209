"""The académie's side of the demo: its people, its cases at every stage, three communes opened as by hand."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core.tenancy import in_public
from provisioning import services as provisioning
from provisioning.demo import follow_up, signatures
from provisioning.demo.clock import at, moment
from provisioning.demo.doors import accept_charters
from provisioning.models import Opening
from provisioning.opening import machine
from shared_apps.accounts.models import StaffRole, User
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, CaseContact, ConventionSignature
from shared_apps.reference.models import RefSchool

Role = StaffRole.Role
STAFF = (
    ("nadia.bousquet", "Nadia", "Bousquet", Role.DEPLOYMENT, ""),
    ("florence.estrade", "Florence", "Estrade", Role.ADMINISTRATOR, ""),
    ("bruno.castel", "Bruno", "Castel", Role.CONVENTIONS, ""),
    ("amina.haddad", "Amina", "Haddad", Role.STATISTICIAN, ""),
    ("jean-marc.vieu", "Jean-Marc", "Vieu", Role.INSPECTOR, "0110041K"),
    ("lea.marty", "Léa", "Marty", Role.SUPPORT, ""),
    ("remi.sarda", "Rémi", "Sarda", Role.TRAINER, ""),
    ("helene.rouquette", "Hélène", "Rouquette", Role.DASEN, "11"),
)
RECTRICE = ("Sylvie Marchand", "pour la rectrice, par délégation")


@dataclass(frozen=True, slots=True)
class Town:
    """A commune of the demo and its people, who are invented. `weeks` before it opened, or
    before today, its case was begun.
    """

    insee: str
    mayor: str
    officer: tuple[str, str]
    heads: dict[str, tuple[str, str]]  # UAI -> first and last name; others get none
    weeks: int
    schools: int | None = None  # how many of its public schools; None: all


NARBONNE = Town(
    "11262",
    "Bertrand Malquier-Sagnes",
    ("Élodie", "Roca"),
    {
        "0110427E": ("Martine", "Calas"),
        "0110429G": ("Philippe", "Ournac"),
        "0110430H": ("Sandrine", "Tisseyre"),
    },
    weeks=6,
    schools=21,
)
LEZIGNAN = Town(
    "11203",
    "Hélène Castan",
    ("Thierry", "Molinier"),
    {"0110357D": ("Julie", "Azéma"), "0110358E": ("Paul", "Ricard-Sola")},
    weeks=5,
)
COURSAN = Town("11106", "Édouard Rocher", ("Nicole", "Sire"), {"0110247J": ("Yves", "Peyre")}, weeks=5)
OPENED = (NARBONNE, LEZIGNAN, COURSAN)

# Where the académie's files are there: cases at each stage, one of them ready to be opened by hand.
PENDING = (
    (Town("11170", "Didier Codorniou-Pages", ("Aline", "Bories"), {}, weeks=6), Case.State.SIGNED_BY_BOTH),
    (Town("11379", "Michel Jammes", ("Rachel", "Cros"), {}, weeks=5), Case.State.SIGNED_BY_COMMUNE),
    (Town("11116", "Jacques Pociello", ("Line", "Fabre"), {}, weeks=5), Case.State.DELIBERATED),
    (Town("11370", "Jean-Luc Rivel", ("Odile", "Vaquer"), {}, weeks=4), Case.State.DRAFTED),
    (Town("11145", "Guy Sié-Lacombe", ("Corinne", "Taffarel"), {}, weeks=4), Case.State.DRAFTED),
    (Town("11285", "Catherine Guérin-Puig", ("Sylvain", "Barthès"), {}, weeks=4), Case.State.DRAFTED),
    (Town("11210", "Jacques Pirioux", ("Maud", "Escande"), {}, weeks=5), Case.State.DELIBERATED),
    (Town("11441", "Joseph Vidal", ("Karine", "Bonnet"), {}, weeks=3), Case.State.CONTACTED),
    (Town("11266", "Henri Martinet", ("Zohra", "Amrani"), {}, weeks=2), Case.State.PROSPECT),
)


def seed(today: date, opened_on: date) -> None:
    """Staff, then the cases; communes opened on a day of the same school year. Safe to repeat: what exists is left."""
    with in_public():
        officer = staff()[Role.DEPLOYMENT]
        for town in OPENED:
            advance(officer, town, opened_on, Case.State.SIGNED_BY_BOTH)
            with at(moment(opened_on, 7)):
                open_space(officer, town)
        for town, state in PENDING:
            if RefSchool.objects.current().public().of_commune(town.insee).exists():
                advance(officer, town, today, state)
        signatures.seed(officer, today)


def staff() -> dict[str, Any]:
    """The academy's accounts, by role."""
    found = {}
    for identifier, first, last, role, scope in STAFF:
        defaults = {"first_name": first, "last_name": last, "password": make_password(None)}
        defaults |= {"email": f"{identifier}@ac-montpellier.example", "activated_at": timezone.now()}
        user, _created = User.objects.get_or_create(identifier=identifier, defaults=defaults)
        StaffRole.objects.get_or_create(user=user, role=role, scope=scope)
        found[role] = user
    accept_charters()
    return found


def _case(officer: Any, town: Town, today: date) -> Case:
    case = Case.objects.for_commune(town.insee).first()
    if case is None:
        with transaction.atomic(), at(moment(today - timedelta(weeks=town.weeks))):
            case = services.start_case(actor=officer, insee=town.insee)
            _contacts(officer, case, town)
    return case


def _contacts(officer: Any, case: Case, town: Town) -> None:
    first, _space, last = town.mayor.partition(" ")
    save = {"actor": officer, "case": case}
    services.save_contact(**save, role=CaseContact.Role.MAYOR, first_name=first, last_name=last)
    first, last = town.officer
    mail = f"affaires.scolaires@{town.insee}.example"
    services.save_contact(**save, role=CaseContact.Role.SCHOOL_SERVICE, first_name=first, last_name=last, email=mail)
    follow_up.prove(officer, case, town.mayor, is_answered=bool(town.heads))
    for school in RefSchool.objects.filter(uai__in=town.heads):
        first, last = town.heads[school.uai]
        mail = f"ce.{school.uai.lower()}@ac-montpellier.example"
        head = {"role": CaseContact.Role.HEAD, "first_name": first, "last_name": last, "email": mail}
        services.save_contact(**save, **head, school=school)


def advance(officer: Any, town: Town, today: date, until: str) -> None:
    """From where the case is to `until`, five days between two steps: a seed that was killed goes on."""
    order = list(Case.State)
    reached = order.index(_case(officer, town, today).state)
    for number, (state, act) in enumerate(ACTS.items()):
        if reached < order.index(state) <= order.index(until):
            day = min(today - timedelta(weeks=town.weeks) + timedelta(days=5 * (number + 1)), today)
            with at(moment(day)):
                act(officer, Case.objects.for_commune(town.insee).get(), town, day)


def _contact(officer: Any, case: Case, town: Town, day: date) -> None:
    services.record_contacted(actor=officer, case=case, on=day, detail="appel, puis courriel officiel")


def _draft(officer: Any, case: Case, town: Town, day: date) -> None:
    schools = RefSchool.objects.current().public().of_commune(town.insee).order_by("uai")
    uais = sorted(schools.values_list("uai", flat=True), key=lambda uai: uai not in town.heads)
    services.draft_convention(actor=officer, case=case, uais=uais[: town.schools], drafted_on=day)


def _deliberate(officer: Any, case: Case, town: Town, day: date) -> None:
    services.record_deliberation(actor=officer, case=case, number=f"{day.year}-{day.timetuple().tm_yday}", on=day)


def _sign_commune(officer: Any, case: Case, town: Town, day: date) -> None:
    _sign(officer, case, day, ConventionSignature.Side.COMMUNE, town.mayor, "maire", case.commune.name)


def _sign_academy(officer: Any, case: Case, town: Town, day: date) -> None:
    _sign(officer, case, day, ConventionSignature.Side.ACADEMY, *RECTRICE, "Montpellier")


def _sign(officer: Any, case: Case, day: date, side: str, name: str, quality: str, place: str) -> None:
    if case.insee in signatures.ONLINE:
        signatures.sign(officer, case, side, name, quality, place)
        return
    facts = {"signer_name": name, "signer_quality": quality, "signed_on": day, "place": place}
    services.record_signature(actor=officer, case=case, side=side, **facts)


ACTS = {
    Case.State.CONTACTED: _contact,
    Case.State.DRAFTED: _draft,
    Case.State.DELIBERATED: _deliberate,
    Case.State.SIGNED_BY_COMMUNE: _sign_commune,
    Case.State.SIGNED_BY_BOTH: _sign_academy,
}


def open_space(officer: Any, town: Town) -> None:
    """Done here and now: no worker runs while the demo is set up."""
    opening = Opening.objects.of_commune(town.insee).unfinished().first()
    if opening is None and Case.objects.for_commune(town.insee).get().state == Case.State.SIGNED_BY_BOTH:
        opening = provisioning.request_opening(actor=officer, insee=town.insee, by_worker=False)
    if opening is not None:
        machine.run(opening.pk)
