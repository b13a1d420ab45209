"""How far the writing of a plan is. Kept beside its transaction, in the cache: a page reads it while nothing is
committed, and losing it loses nothing.
"""

from contextvars import ContextVar
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

STEPS = {
    "start": lazy("Vérification"),
    "accounts": lazy("Comptes"),
    "people": lazy("Fiches"),
    "classes": lazy("Classes"),
    "links": lazy("Familles"),
    "end": lazy("Enregistrement"),
}
LIFE = 3600  # seconds
_plan: ContextVar[Any] = ContextVar("plan", default=None)


def follow(plan_id: Any) -> None:
    """From now on this thread tells how far it is with this plan; None: no more."""
    _plan.set(plan_id)


def step(name: str) -> None:
    """Silent where nobody follows: a small file is written before a page could ask."""
    if _plan.get() is not None:
        tell(_plan.get(), name)


def tell(plan_id: Any, name: str) -> None:
    cache.set(_key(plan_id), {"step": name, "at": timezone.now().timestamp()}, LIFE)


def seen(plan_id: Any) -> dict[str, Any]:
    """{"step": …, "at": seconds}; empty when nobody has begun, or the cache is lost."""
    return cache.get(_key(plan_id)) or {}


def _key(plan_id: Any) -> str:
    return f"imports.progress:{plan_id}"
