"""Two records become one, and two again. One account remains; what moved is kept as ids, for thirty days."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Field, Func, Model, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from tenant_apps.people.keepers import keepers_of
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.pairs import PersonPair
from tenant_apps.schools.models import School

State = PersonPair.State
FILLED = ("usage_name", "civility", "sex", "birth_date", "email", "phone", "address", "postal_code", "city")
# An account keeps its own keys, and what it signed or made stays signed by it; a pair stays the proof.
STAYS = {"accounts", "audit", "imports"}
# Columns that name somebody without a foreign key: their apps live in the academy's schema too.
LOOSE: dict[type[Model], tuple[tuple[str, str], ...]] = {
    Person: (("signatures.Slot", "signer_id"),),
    Pupil: (("signatures.Slot", "subject_id"), ("notifications.Notification", "subject_ids")),
}
ENDED = {Guardianship: "ended_on", StaffAssignment: "ends_on", Enrollment: "ends_on"}


def may_settle(user: Any, people: Iterable[Person]) -> dict[Any, bool]:
    """person → may this head speak for it alone: its school gives that person's code, or nothing links it to anybody.

    Otherwise a head would enter another school by merging one of its people into their own.
    """
    people = list(people)
    keepers = keepers_of([one.pk for one in people])
    nobody_s = [one.pk for one in people if keepers[one.pk] is None]
    mine = set(School.objects.headed_by(user).values_list("pk", flat=True))
    working = StaffAssignment.objects.filter(person__in=nobody_s).values_list("person_id", flat=True)
    linked = Guardianship.objects.filter(guardian__in=nobody_s).values_list("guardian_id", flat=True)
    bound = {*working, *linked}
    return {pk: school in mine if school is not None else pk not in bound for pk, school in keepers.items()}


@transaction.atomic
def keep_apart(*, actor: Any, one: Person, two: Person) -> PersonPair:
    """They are two people: not asked again."""
    _require_one(actor, one, two)
    _of(one, two).filter(state__in=[State.PROPOSED, State.UNDONE]).delete()
    pair = PersonPair.objects.create(kept=one, other=two, state=State.APART, decided_by=actor)
    record(actor=actor, action="people.kept_apart", obj=pair)
    return pair


@transaction.atomic
def merge(*, actor: Any, kept: Person, other: Person) -> PersonPair:
    """Their links go to `kept`. Of two schools, the second head to say so makes it true; until then it is proposed."""
    kept, other = _locked(kept.pk, other.pk)
    _check_alike(kept, other)
    if not _settles(actor, kept, other):
        return _propose(actor, kept, other)
    _of(kept, other).exclude(state=State.MERGED).delete()
    pair = PersonPair(kept=kept, other=other, state=State.MERGED, decided_by=actor)
    pair.moved = {
        "filled": _fill(kept, other),
        "rows": _move_pupil(kept, other) + _move(Person, kept.pk, other.pk) + _move_notices(kept, other),
        "account": _close_account(kept, other),
    }
    pair.moved["ended"] = _end_the_rest(other)
    pair.save(force_insert=True)
    record(actor=actor, action="people.merged", obj=pair, rows=sum(len(keys) for *_where, keys in pair.moved["rows"]))
    return pair


@transaction.atomic
def unmerge(*, actor: Any, pair: PersonPair) -> PersonPair:
    """Each goes back to what it had. What came since stays where it came."""
    pair = PersonPair.objects.select_for_update(of=("self",)).select_related("kept", "other").get(pk=pair.pk)
    _require_one(actor, pair.kept)  # the other one is nobody's now
    if pair.state != State.MERGED:
        raise DomainError(_("Ces deux fiches ne sont pas fusionnées."), code="not_merged")
    if not pair.is_undoable:
        raise DomainError(_("Cette fusion a plus de trente jours : elle ne se défait plus."), code="too_late")
    kept, other = _locked(pair.kept_id, pair.other_id)
    _put_back(pair.moved, kept, other)
    pair.state, pair.decided_at, pair.decided_by = State.UNDONE, timezone.now(), actor
    pair.save(update_fields=["state", "decided_at", "decided_by", "updated_at"])
    record(actor=actor, action="people.unmerged", obj=pair)
    return pair


def _propose(actor: Any, kept: Person, other: Person) -> PersonPair:
    """Two heads, one each, or nobody. The second to ask finds the proposal of the first."""
    _require_one(actor, kept, other)
    known = _of(kept, other).filter(state=State.PROPOSED).first()
    if known is not None:
        return known
    pair = PersonPair.objects.create(kept=kept, other=other, state=State.PROPOSED, decided_by=actor)
    record(actor=actor, action="people.merge_proposed", obj=pair)
    return pair


def _settles(actor: Any, kept: Person, other: Person) -> bool:
    """Alone, or after the head who speaks for the other one has proposed it."""
    if actor is None:
        return True
    spoken = may_settle(actor, [kept, other])
    if not any(spoken.values()):
        raise PermissionDenied
    if all(spoken.values()):
        return True
    proposal = _of(kept, other).filter(state=State.PROPOSED).exclude(decided_by=actor).first()
    if proposal is None or proposal.decided_by is None:
        return False
    rest = [one for one in (kept, other) if not spoken[one.pk]]
    return all(may_settle(proposal.decided_by, rest).values())


def _require_one(actor: Any, *people: Person) -> None:
    if actor is not None and not any(may_settle(actor, people).values()):
        raise PermissionDenied


def _check_alike(kept: Person, other: Person) -> None:
    if hasattr(kept, "pupil") != hasattr(other, "pupil"):
        raise DomainError(_("Un élève et un adulte ne se fusionnent pas."), code="not_alike")
    if hasattr(kept, "pupil") and kept.pupil.ine and other.pupil.ine:
        raise DomainError(_("Deux INE : ce sont deux enfants."), code="two_ines")
    if PersonPair.objects.merged().filter(other__in=[kept, other]).exists():
        raise DomainError(_("L’une de ces fiches est déjà fusionnée dans une autre."), code="already_merged")


def _of(one: Person, two: Person) -> Any:
    return PersonPair.objects.filter(Q(kept=one, other=two) | Q(kept=two, other=one))


def _locked(kept_id: Any, other_id: Any) -> tuple[Person, Person]:
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[kept_id, other_id]).order_by("pk")
    found = {row.pk: row for row in rows.select_related("account", "pupil")}
    if len(found) != 2:
        raise DomainError(_("Ces deux fiches ne sont plus là."), code="gone")
    return found[kept_id], found[other_id]


def _fill(kept: Person, other: Person) -> list[str]:
    """What the one that stays lacks comes from the other."""
    lacking = [name for name in FILLED if not getattr(kept, name) and getattr(other, name)]
    for name in lacking:
        setattr(kept, name, getattr(other, name))
    if lacking:
        kept.save(update_fields=[*lacking, "sort_name", "updated_at"])
    return lacking


def _move_pupil(kept: Person, other: Person) -> list[list[Any]]:
    """The INE goes where there is none. Of two open enrolments that of the record that stays lasts."""
    if not hasattr(kept, "pupil"):
        return []
    moved: list[list[Any]] = []
    if other.pupil.ine and not kept.pupil.ine:
        _give_ine(other.pupil, kept.pupil)
        moved.append(["ine", "", [str(kept.pupil.pk)]])
    return moved + _move(Pupil, kept.pupil.pk, other.pupil.pk)


def _give_ine(giver: Pupil, taker: Pupil) -> None:
    """Two writes: no two pupils ever have the same."""
    ine, giver.ine, taker.ine = giver.ine, None, giver.ine
    if ine:
        giver.save(update_fields=["ine", "updated_at"])
        taker.save(update_fields=["ine", "updated_at"])


def _move(what: type[Model], kept: Any, other: Any) -> list[list[Any]]:
    """All that points at `other` points at `kept`, but what `kept` has already."""
    moved = []
    for model, column in _columns(what):
        keys = _repoint_all(model, column, other, kept)
        if keys:
            moved.append([model._meta.label, column, [str(key) for key in keys]])
    return moved


def _move_notices(kept: Person, other: Person) -> list[list[Any]]:
    """What the closed account was told is read by the one that stays."""
    if kept.account is None or other.account is None:
        return []
    model, column = apps.get_model("notifications", "Notification"), "user_id"
    keys = _repoint_all(model, column, other.account_id, kept.account_id)
    return [[model._meta.label, column, [str(key) for key in keys]]] if keys else []


def _repoint_all(model: type[Model], column: str, old: Any, new: Any) -> list[Any]:
    """Keys of the rows that now point at `new`."""
    rows = model._base_manager.filter(**_held(model, column, old)).order_by("pk")
    return [key for key in rows.values_list("pk", flat=True) if _repoint(rows.filter(pk=key), column, old, new)]


def _repoint(rows: QuerySet, column: str, old: Any, new: Any) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.update(**_changed(rows.model, column, old, new)))
    except IntegrityError:  # it has that child, that place of signature, that function already
        return False


def _held(model: type[Model], column: str, value: Any) -> dict[str, Any]:
    return {f"{column}__contains": [value]} if _is_list(model, column) else {column: value}


def _changed(model: type[Model], column: str, old: Any, new: Any) -> dict[str, Any]:
    value = Func(F(column), Value(old), Value(new), function="array_replace") if _is_list(model, column) else new
    return {column: value} | ({"updated_at": timezone.now()} if hasattr(model, "updated_at") else {})


def _is_list(model: type[Model], column: str) -> bool:
    return isinstance(model._meta.get_field(column), ArrayField)


def _columns(what: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Every column of this commune's tables that names such a row; a new app need not say anything here."""
    for model in apps.get_models():
        if model._meta.app_label in STAYS or model in (Person, Pupil, PersonPair):
            continue
        for field in model._meta.concrete_fields:
            if _names(field, what):
                yield model, field.attname
    for label, column in LOOSE[what]:
        yield apps.get_model(label), column


def _names(field: Field, what: type[Model]) -> bool:
    return bool(field.is_relation and field.related_model is what)


def _end_the_rest(other: Person) -> list[list[Any]]:
    """What stayed, because the other one has it too, lasts no more."""
    today = timezone.localdate()
    holders: dict[Any, Any] = {Guardianship: Q(guardian=other), StaffAssignment: Q(person=other)}
    if hasattr(other, "pupil"):
        holders = {Guardianship: Q(pupil__person=other), Enrollment: Q(pupil__person=other)}
    ended = []
    for model, whose in holders.items():
        rows = model.objects.filter(whose, **{ENDED[model]: None})
        keys = [str(key) for key in rows.values_list("pk", flat=True)]
        if keys:
            rows.update(**{ENDED[model]: today}, updated_at=timezone.now())
            ended.append([model._meta.label, ENDED[model], keys])
    return ended


def _close_account(kept: Person, other: Person) -> dict[str, Any]:
    """One account remains: that of the other opens nothing any more."""
    if other.account is None:
        return {}
    if kept.account is None:
        account, other.account, kept.account = other.account, None, other.account
        other.save(update_fields=["account", "updated_at"])
        kept.save(update_fields=["account", "updated_at"])
        return {"given": str(account.pk)}
    was_active = other.account.is_active
    _set_active(other.account, False)
    return {"closed": str(other.account.pk)} if was_active else {}


def _set_active(account: User, is_active: bool) -> None:
    account.is_active = is_active
    account.session_stamp += 1
    account.save(update_fields=["is_active", "session_stamp", "updated_at"])


def _put_back(moved: dict[str, Any], kept: Person, other: Person) -> None:
    for label, column, keys in moved["rows"]:
        if label == "ine":
            _give_ine(kept.pupil, other.pupil)
            continue
        model = apps.get_model(label)
        here, there = _ends(model, column, kept, other)
        rows = model._base_manager.filter(pk__in=keys, **_held(model, column, here))
        rows.update(**_changed(model, column, here, there))
    for label, column, keys in moved["ended"]:
        apps.get_model(label)._base_manager.filter(pk__in=keys).update(**{column: None}, updated_at=timezone.now())
    for name in moved["filled"]:
        if getattr(kept, name) == getattr(other, name):
            setattr(kept, name, None if name == "birth_date" else "")
    kept.save()
    if "given" in moved["account"]:
        account, kept.account = kept.account, None
        kept.save(update_fields=["account", "updated_at"])
        other.account = account
        other.save(update_fields=["account", "updated_at"])
    elif "closed" in moved["account"] and other.account is not None:
        _set_active(other.account, True)


def _ends(model: type[Model], column: str, kept: Person, other: Person) -> tuple[Any, Any]:
    """What the column holds now, and what it held before."""
    if column == "user_id":
        return kept.account_id, other.account_id
    names_pupils = any(found is model and name == column for found, name in _columns(Pupil))
    return (kept.pupil.pk, other.pupil.pk) if names_pupils else (kept.pk, other.pk)
