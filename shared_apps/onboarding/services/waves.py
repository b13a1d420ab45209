"""Waves: communes under one name, and acts done on each of them by workers, row by row.

Each commune is its own transaction: what is done stays done, a refusal is a sentence on its row. A message lost or a
worker killed leaves its row waiting; `sweep` asks again for the rows of an act that no longer moves.
"""

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.notifications.services import notify
from shared_apps.onboarding.models import Wave, WaveAct, WaveItem
from shared_apps.reference.models import RefCommune

log = logging.getLogger(__name__)
State = WaveItem.State
STALE = timedelta(seconds=20)
MAX_COMMUNES = 200


def form_wave(*, actor: Any, name: str, insees: Iterable[str]) -> Wave:
    """Raises `DomainError`: name_taken, no_commune, too_many."""
    communes = list(RefCommune.objects.current().filter(insee__in=set(insees)))
    _check_size(len(communes))
    try:
        with transaction.atomic():
            wave = Wave.objects.create(name=name, created_by=actor)
            wave.communes.set(communes)
            audit.record(actor=actor, action="onboarding.wave_formed", obj=wave, communes=len(communes))
    except IntegrityError:
        raise DomainError(_("Une vague porte déjà ce nom."), code="name_taken") from None
    return wave


def _check_size(count: int) -> None:
    if count == 0:
        raise DomainError(_("Choisissez au moins une commune."), code="no_commune")
    if count > MAX_COMMUNES:
        raise DomainError(_("Une vague compte %(count)d communes au plus.") % {"count": MAX_COMMUNES}, code="too_many")


def begin_act(
    *,
    actor: Any,
    wave: Wave,
    kind: str,
    params: dict[str, Any] | None = None,
    lines: dict[str, dict[str, Any]] | None = None,
) -> WaveAct:
    """Ask the workers for an act on every commune of the wave; with `lines`, on those communes (INSEE), each with what
    is its own. Raises `DomainError`: act_under_way, no_commune, and those of a scan that can't be kept.
    """
    try:
        with transaction.atomic():
            act = WaveAct.objects.create(wave=wave, kind=kind, params=params or {}, asked_by=actor)
            communes = [c for c in wave.communes.all() if lines is None or c.insee in lines]
            if not communes:
                raise DomainError(_("Remplissez au moins une ligne."), code="no_commune")
            own = {insee: _kept(actor, kind, insee, line) for insee, line in (lines or {}).items()}
            WaveItem.objects.bulk_create(
                WaveItem(act=act, commune=commune, params=own.get(commune.insee, {})) for commune in communes
            )
            audit.record(actor=actor, action="onboarding.wave_act_begun", obj=act, kind=kind, communes=len(communes))
            _send_on_commit(act)
    except IntegrityError:
        raise DomainError(
            _("Un acte est déjà en cours sur cette vague : attendez sa fin ou arrêtez-le."), code="act_under_way"
        ) from None
    return act


def _kept(actor: Any, kind: str, insee: str, line: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: the scan of a commune is stored at once, the worker finds it by its id."""
    from shared_apps.onboarding.wave_acts import kinds

    own = {name: value for name, value in line.items() if name != "scan"}
    keep, scan = kinds[kind].keep_scan, line.get("scan")
    if keep is not None and scan is not None:
        own["scan"] = str(keep(actor, insee, scan).pk)
    return own


def stop_act(*, actor: Any, act: WaveAct) -> WaveAct:
    """What is begun ends; the rest waits until somebody resumes."""
    with transaction.atomic():
        act = WaveAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
        if act.is_running:
            act.state, act.ended_at = WaveAct.State.STOPPED, timezone.now()
            act.save(update_fields=["state", "ended_at", "updated_at"])
            audit.record(actor=actor, action="onboarding.wave_act_stopped", obj=act)
    return act


def resume_act(*, actor: Any, act: WaveAct) -> WaveAct:
    """Again for the communes that were refused or left. Raises `DomainError`: act_under_way."""
    try:
        with transaction.atomic():
            act = WaveAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
            left = act.items.filter(state__in=(State.WAITING, State.RUNNING, State.FAILED))
            if act.is_running or not left.exists():
                return act
            left.filter(state=State.FAILED).update(state=State.WAITING, reason="", updated_at=timezone.now())
            act.state, act.ended_at = WaveAct.State.RUNNING, None
            act.save(update_fields=["state", "ended_at", "updated_at"])
            audit.record(actor=actor, action="onboarding.wave_act_resumed", obj=act)
            _send_on_commit(act)
    except IntegrityError:
        raise DomainError(_("Un autre acte est en cours sur cette vague."), code="act_under_way") from None
    return act


# --- at work


def run_item(item_id: Any) -> None:
    """One commune. Twice, or by two workers at once, does it once."""
    from shared_apps.onboarding.wave_acts import kinds

    item = WaveItem.objects.select_related("act__asked_by").filter(pk=item_id).undone().first()
    if item is None or item.act.kind not in kinds:
        return
    kind = kinds[item.act.kind]
    if kind.is_long:
        _run_long(kind, item)
    else:
        _run_short(kind, item)
    _end_if_over(item.act_id)


def _run_short(kind: Any, item: WaveItem) -> None:
    """The act and its row in one commit: a worker killed in between leaves neither."""
    with transaction.atomic():
        if (mine := _taken(item)) is not None:
            _settle(mine, *_outcome(kind, mine))


def _run_long(kind: Any, item: WaveItem) -> None:
    with transaction.atomic():
        mine = _taken(item)
        if mine is None:
            return
        mine.state, mine.started_at = State.RUNNING, mine.started_at or timezone.now()
        mine.save(update_fields=["state", "started_at", "updated_at"])
    state, reason = _outcome(kind, mine)
    if state != State.RUNNING:
        with transaction.atomic():
            if (mine := _taken(item)) is not None:
                _settle(mine, state, reason)


def _taken(item: WaveItem) -> WaveItem | None:
    """Its row, locked; None when another worker holds it, it is done, or the act was stopped before it began."""
    rows = WaveItem.objects.select_for_update(of=("self",), skip_locked=True).select_related("act__asked_by")
    mine = rows.filter(pk=item.pk).undone().first()
    if mine is None or (mine.state == State.WAITING and not mine.act.is_running):
        return None
    return mine


def _outcome(kind: Any, item: WaveItem) -> tuple[str, str]:
    from shared_apps.onboarding.wave_acts import AlreadyDone, StillUnderWay

    try:
        with nullcontext() if kind.is_long else transaction.atomic():
            kind.do(item.act.asked_by, item.commune_id, item.act.params | item.params)
    except StillUnderWay:
        return State.RUNNING, ""
    except AlreadyDone as told:
        return State.SKIPPED, told.message
    except DomainError as refusal:
        return State.FAILED, refusal.message
    except Exception as error:  # whatever it is, the page shows it and the others go on
        log.exception("onboarding.wave_item_failed", extra={"insee": item.commune_id, "kind": kind.code})
        return State.FAILED, _("Une erreur technique a arrêté cet acte (%(error)s).") % {"error": type(error).__name__}
    return State.DONE, ""


def _settle(item: WaveItem, state: str, reason: str) -> None:
    now = timezone.now()
    item.state, item.reason = state, reason[:300]
    item.started_at, item.ended_at = item.started_at or now, now
    item.save(update_fields=["state", "reason", "started_at", "ended_at", "updated_at"])


def _end_if_over(act_id: Any) -> None:
    with transaction.atomic():
        act = WaveAct.objects.select_for_update(of=("self",)).select_related("wave", "asked_by").get(pk=act_id)
        if not act.is_running:
            return
        act.updated_at = timezone.now()  # it moves: `sweep` leaves it alone
        if not act.items.undone().exists():
            act.state, act.ended_at = WaveAct.State.DONE, timezone.now()
            _tell(act)
        act.save(update_fields=["state", "ended_at", "updated_at"])


def _tell(act: WaveAct) -> None:
    if act.asked_by is None:
        return
    notify(
        user=act.asked_by,
        kind="onboarding.wave",
        title=_("Vague « %(name)s » : l’acte demandé est terminé") % {"name": act.wave.name},
        path=reverse("onboarding:wave_act", args=[act.pk], urlconf="config.urls.public"),
        key=f"wave-act:{act.pk}:{timezone.now():%Y%m%d%H%M%S}",
    )


def sweep() -> int:
    """Acts that no longer move: their rows are asked for again. Returns how many rows."""
    stale = WaveAct.objects.filter(state=WaveAct.State.RUNNING, updated_at__lt=timezone.now() - STALE)
    found = list(WaveItem.objects.filter(act__in=stale).undone().values_list("pk", flat=True))
    _send(found)
    return len(found)


def _send_on_commit(act: WaveAct) -> None:
    # In the order of the page.
    found = list(act.items.undone().order_by("commune__sort_name", "pk").values_list("pk", flat=True))
    transaction.on_commit(lambda: _send(found))


def _send(items: list[Any]) -> None:
    from shared_apps.onboarding import tasks

    tasks.send_items([str(pk) for pk in items])
