"""The follow-up of the demo's cases: mandates asked and proven, tasks late and done, notes; a wave that is
finished, another whose lines wait.
"""

from datetime import date, timedelta
from typing import Any

from core.tenancy import in_public
from provisioning.demo.clock import at, moment
from shared_apps.accounts.models import StaffRole, User
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, CaseNote, Wave, WaveAct, WaveItem
from shared_apps.onboarding.services import mandates, waves

WAVE = "Vague d’automne"
WAITING = "Conseils municipaux de novembre"  # its votes and signatures are to be recorded
READY = "11170"  # signed by both, to be opened by hand during a demonstration
NOTES = (
    ("11379", "Madame le maire demande une présentation aux élus avant de signer.", True),
    ("11116", "Le secrétariat est ouvert le matin ; demander Mme Fabre.", False),
    (
        "11370",
        "Conseil municipal annoncé pour la fin du mois. Deux écoles en regroupement avec le voisin.",
        True,
    ),
)
TASKS = (("11379", "Envoyer le calendrier des formations", -4), ("11441", "Rappeler après le conseil d’école", 6))


def prove(officer: Any, case: Case, mayor: str, *, is_answered: bool) -> None:
    """The official address is asked; the towns that opened, and the one that is ready, have answered."""
    email = f"mairie@{case.insee}.example"
    services.save_official_address(actor=officer, case=case, email=email, source="annuaire du service public")
    asked = services.ask_mandate(actor=officer, case=case)
    if is_answered or case.insee == READY:
        mandates.answer(token=mandates.token_for(asked), answered_by=f"{mayor}, maire", is_confirmed=True)


def seed(today: date) -> None:
    """Safe to repeat."""
    with in_public():
        officer = User.objects.filter(staff_roles__role=StaffRole.Role.DEPLOYMENT).order_by("pk").first()
        if officer is None or CaseNote.objects.exists():
            return
        with at(moment(today)):
            for insee, text, is_pinned in NOTES:
                if case := Case.objects.for_commune(insee).first():
                    services.write_note(actor=officer, case=case, text=text, is_pinned=is_pinned)
            for insee, title, days in TASKS:
                if case := Case.objects.for_commune(insee).first():
                    due_on = today + timedelta(days=days)
                    services.add_task(actor=officer, case=case, title=title, due_on=due_on, assignee=officer)
            _wave(officer, today)


def _wave(officer: Any, today: date) -> None:
    """Done here and now: no worker runs while the demo is set up."""
    insees = list(Case.objects.filter(owner=officer).values_list("commune_id", flat=True))
    if not insees or Wave.objects.filter(name=WAVE).exists():
        return
    wave = waves.form_wave(actor=officer, name=WAVE, insees=insees)
    params = {"title": "Inviter à la réunion de rentrée", "due_on": (today + timedelta(days=10)).isoformat()}
    act = WaveAct.objects.create(wave=wave, kind="due", params=params, asked_by=officer)
    WaveItem.objects.bulk_create(WaveItem(act=act, commune=commune) for commune in wave.communes.all())
    for pk in list(act.items.values_list("pk", flat=True)):
        waves.run_item(pk)
    waiting = Case.objects.filter(state__in=(Case.State.DRAFTED, Case.State.DELIBERATED, Case.State.SIGNED_BY_COMMUNE))
    if waiting.exists():
        waves.form_wave(actor=officer, name=WAITING, insees=list(waiting.values_list("commune_id", flat=True)))
