"""« X peut-il écrire à Y, et pourquoi ? » Among the people whom the asker may see."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared_apps.bounds import words
from shared_apps.bounds.vocabulary import Right
from tenant_apps.people.models import Person
from tenant_apps.rights import reasons
from tenant_apps.rights.decisions import explain
from tenant_apps.rights.ties import ties_of

FOUND_AT_MOST = 8


def why(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("rights.ask_why"):
        raise PermissionDenied
    right = Right(request.GET["droit"]) if request.GET.get("droit") in Right.values else Right.WRITE
    sides = [_side(request, "de"), _side(request, "a")]
    context: dict[str, Any] = {"sides": sides, "right": right.value, "asked": all(side["query"] for side in sides)}
    if all(side["person"] for side in sides):
        context |= _answer(request, sides[0]["person"], sides[1]["person"], right)
    request.nav_current = "people:school" if getattr(request, "profile", "") == "head" else "people:my_classes"
    return render(request, "rights/why.html", context)


def _answer(request: Any, sender: Person, recipient: Person, right: Right) -> dict[str, Any]:
    answer = explain(sender, recipient, right)
    return {
        "answer": answer,
        "is_allowed": bool(answer),
        "verdict": reasons.verdict(answer, sender, recipient),
        "obstacle": reasons.obstacle(answer, sender, recipient),
        "lines": reasons.Teller(request.user, answer).lines(answer, sender, recipient),
    }


def _side(request: Any, name: str) -> dict[str, Any]:
    """One of the two people: typed, then chosen among those found."""
    query, chosen = request.GET.get(name, "").strip()[:100], request.GET.get(f"{name}_id", "")
    visible = Person.objects.visible_to(request.user).select_related("account")
    found = list(visible.named(query).order_by("sort_name", "pk")[: FOUND_AT_MOST + 1]) if query else []
    person = next((one for one in found if str(one.pk) == chosen), None)
    if person is None and len(found) == 1:
        person = found[0]
    if person is None and query and _is_id(chosen):
        person = visible.named(query).filter(pk=chosen).first()
    return {
        "name": name,
        "query": query,
        "person": person,
        "choices": _choices(found[:FOUND_AT_MOST], person),
        "is_long": len(found) > FOUND_AT_MOST,
    }


def _choices(found: list[Person], chosen: Person | None) -> list[dict[str, Any]]:
    ties = ties_of([one.pk for one in found]) if len(found) > 1 else {}
    return [
        {
            "value": str(one.pk),
            "label": one.full_name,
            "detail": ", ".join(dict.fromkeys(words.one(tie.party) for tie in ties.get(one.pk, []))),
            "checked": chosen is not None and one.pk == chosen.pk,
        }
        for one in found
    ]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
