"""Cases signed by both, on real communes of the reference files: what an opening asks for."""

from typing import Any

from core.tenancy import in_public
from tests.bench.table import timed


def signed(count: int) -> list[str]:
    """INSEE codes of `count` communes ready to open: with the shipped files their schools are invented."""
    from django.core.management import call_command

    with in_public():
        call_command("reference", "load", apply=True, verbosity=0)
        officer = _officer()
        communes = _communes(count)
        for insee in communes:
            _sign(officer, insee)
    return communes


def _communes(count: int) -> list[str]:
    """Those that have a public school; where the académie's file is missing, one is invented for each."""
    from shared_apps.reference.models import RefCommune, RefSchool

    known = RefSchool.objects.current().public().order_by("commune_id").values_list("commune_id", flat=True).distinct()
    found = list(known[:count])
    others = RefCommune.objects.current().exclude(insee__in=found).order_by("insee")[: count - len(found)]
    for rank, commune in enumerate(others):
        RefSchool.objects.create(
            uai=f"{9900000 + rank}A", name="École", sort_name="ecole", kind="primary", sector="public", commune=commune
        )
        found.append(commune.insee)
    return found


def _officer() -> Any:
    from shared_apps.accounts.models import User

    defaults = {"first_name": "Nadia", "last_name": "Bousquet", "password": "!"}
    return User.objects.get_or_create(identifier="nadia.bousquet", defaults=defaults)[0]


def _sign(officer: Any, insee: str) -> None:
    from django.utils import timezone

    from shared_apps.onboarding import services
    from shared_apps.onboarding.services import mandates
    from shared_apps.reference.models import RefSchool

    today = timezone.localdate()
    case = services.start_case(actor=officer, insee=insee)
    services.record_contacted(actor=officer, case=case, on=today)
    school = RefSchool.objects.current().public().of_commune(insee).order_by("uai").first()
    names = {"first_name": "Élodie", "last_name": "Roca", "email": "mairie@example.org"}
    services.save_contact(actor=officer, case=case, role="school_service", **names)
    mandates.save_official_address(actor=officer, case=case, email="mairie@example.com", source="site")
    asked = mandates.ask_mandate(actor=officer, case=case)
    mandates.answer(token=mandates.token_for(asked), answered_by="X, maire", is_confirmed=True)
    services.save_contact(actor=officer, case=case, role="head", school=school, **names)
    services.draft_convention(actor=officer, case=case, uais=[school.uai])
    services.record_deliberation(actor=officer, case=case, number="1", on=today)
    for side in ("commune", "academy"):
        facts = {"signer_name": "X", "signer_quality": "maire", "signed_on": today, "place": "Ici"}
        services.record_signature(actor=officer, case=case, side=side, **facts)


def open_one(insee: str) -> float:
    """Milliseconds from the request to « ready », as the worker does it."""
    from provisioning import services
    from provisioning.models import Opening
    from provisioning.opening import machine

    def act() -> None:
        with in_public():
            opening = services.request_opening(actor=_officer(), insee=insee, by_worker=False)
            machine.run(opening.pk)
            opening.refresh_from_db()
        if opening.state != Opening.State.READY:
            raise RuntimeError(f"{insee}: {opening.error}")

    return timed(act)


def open_wave(insees: list[str]) -> float:
    """Seconds of one « open » act on a wave of these communes, row by row, as a worker does it."""
    import time

    from shared_apps.onboarding.models import WaveAct, WaveItem
    from shared_apps.onboarding.services import waves

    with in_public():
        wave = waves.form_wave(actor=_officer(), name=f"Mesure {insees[0]}", insees=insees)
        act = WaveAct.objects.create(wave=wave, kind="open", asked_by=_officer())
        WaveItem.objects.bulk_create(WaveItem(act=act, commune=commune) for commune in wave.communes.all())
        rows = list(act.items.values_list("pk", flat=True))
        begun = time.perf_counter()
        for row in rows:
            waves.run_item(row)
        seconds = time.perf_counter() - begun
        wrong = act.items.exclude(state="done").first()
    if wrong is not None:
        raise RuntimeError(f"{wrong.commune_id}: {wrong.reason}")
    return seconds
