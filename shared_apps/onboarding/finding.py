"""The communes and the schools that a page asks for: filters, order, words. One reading for lists, map and files."""

from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.onboarding import in_force
from shared_apps.onboarding.models import Case, Convention, ConventionSchool
from shared_apps.reference.models import Department, District, RefCommune, RefSchool
from shared_apps.reference.scopes import scope_of

# Inhabitants: from, to (excluded).
SIZES: dict[str, tuple[Any, int, int]] = {
    "500": (gettext_lazy("Moins de 500 habitants"), 0, 500),
    "2000": (gettext_lazy("De 500 à 1 999"), 500, 2_000),
    "10000": (gettext_lazy("De 2 000 à 9 999"), 2_000, 10_000),
    "villes": (gettext_lazy("10 000 et plus"), 10_000, 10_000_000),
}
ORDERS: dict[str, tuple[Any, Any]] = {
    "nom": (gettext_lazy("Nom"), F("sort_name").asc()),
    "habitants": (gettext_lazy("Habitants"), F("population").desc()),
    "ecoles": (gettext_lazy("Écoles publiques"), F("public_schools").desc()),
    "eleves": (gettext_lazy("Élèves"), F("public_pupils").desc()),
    "adhesion": (gettext_lazy("Dernières adhésions"), F("joined_on").desc(nulls_last=True)),
}
YES, NO = "oui", "non"


def communes(user: Any, asked: QueryDict) -> Any:
    """Visible ones with `joined_on`, in the order asked: with a public school, or found anywhere by a search."""
    query = asked.get("q", "").strip()
    rows = RefCommune.objects.current().visible_to(user)
    rows = _filtered(rows if query else rows.with_public_school(), asked).annotate(joined_on=_joined_on())
    if query:
        return rows.search(query)
    order = asked.get("tri", "nom")
    if order in {"ecoles", "eleves"}:
        rows = rows.annotate(public_schools=_of_schools(Count("pk")), public_pupils=_of_schools(Sum("pupils")))
    return rows.order_by(ORDERS.get(order, ORDERS["nom"])[1], "sort_name", "insee")


def _filtered(rows: Any, asked: QueryDict) -> Any:
    if (department := asked.get("departement")) in Department.values:
        rows = rows.of_department(department)
    if district := asked.get("circonscription"):
        inside = RefSchool.objects.current().public().filter(district=district)
        rows = rows.filter(insee__in=inside.order_by().values("commune"))
    if (state := asked.get("etat")) in Case.State.values:
        rows = rows.filter(case__state=state)
    elif state == "aucun":
        rows = rows.filter(case=None)
    if size := SIZES.get(asked.get("taille", "")):
        rows = rows.filter(population__gte=size[1], population__lt=size[2])
    return by_joining(rows, asked, Q(insee__in=in_force.joined_communes()))


def by_joining(rows: Any, asked: QueryDict, joined: Q) -> Any:
    answer = asked.get("adhesion")
    if answer == YES:
        return rows.filter(joined)
    return rows.exclude(joined) if answer == NO else rows


def _joined_on() -> Subquery:
    found = in_force.on().filter(case__commune=OuterRef("insee"))
    return Subquery(found.order_by("since").values("since")[:1])


def _of_schools(figure: Any) -> Any:
    rows = RefSchool.objects.current().public().filter(commune=OuterRef("insee")).order_by().values("commune")
    return Coalesce(Subquery(rows.annotate(figure=figure).values("figure"), output_field=IntegerField()), 0)


def schools(user: Any, asked: QueryDict) -> Any:
    """Visible public schools, by commune."""
    rows = RefSchool.objects.current().public().visible_to(user).select_related("commune", "district")
    if (department := asked.get("departement")) in Department.values:
        rows = rows.filter(commune__department_code=department)
    if district := asked.get("circonscription"):
        rows = rows.filter(district=district)
    rows = by_joining(rows, asked, Q(uai__in=in_force.joined_schools()))
    if query := asked.get("q", "").strip():
        return rows.search(query)
    return rows.order_by("commune__sort_name", "commune", "sort_name", "uai")


def conventions(user: Any, asked: QueryDict) -> Any:
    """Visible ones with `stage` and `schools`, the last drafted first."""
    rows = Convention.objects.visible_to(user).with_stage().annotate(schools=_annexed())
    if (department := asked.get("departement")) in Department.values:
        rows = rows.filter(case__commune__department_code=department)
    if (stage := asked.get("etape")) in Convention.Stage.values:
        rows = rows.filter(stage=stage)
    if (kind := asked.get("nature")) in Convention.Kind.values:
        rows = rows.filter(kind=kind)
    if version := asked.get("modele"):
        rows = rows.filter(template_version=version)
    if query := asked.get("q", "").strip():
        rows = rows.search(query)
    rows = rows.select_related("case__commune", "party").prefetch_related("signatures")
    return rows.order_by("-drafted_on", "-number")


def _annexed() -> Any:
    """How many schools it brings in, an amendment those that it adds."""
    rows = ConventionSchool.objects.filter(convention=OuterRef("pk"), is_withdrawn=False).order_by()
    return Coalesce(Subquery(rows.values("convention").annotate(n=Count("pk")).values("n")), 0)


def convention_filters(asked: QueryDict) -> list[dict[str, Any]]:
    departments = [("", _("Tous")), *Department.choices]
    stages = [("", _("Toutes")), *((v, label.capitalize()) for v, label in Convention.Stage.choices)]
    kinds = [("", _("Toutes")), *((v, label.capitalize()) for v, label in Convention.Kind.choices)]
    known = Convention.objects.order_by("-template_version").values_list("template_version", flat=True).distinct()
    versions = [("", _("Toutes")), *((version, version) for version in known)]
    return [
        _select("departement", _("Département"), departments, asked),
        _select("etape", _("Étape"), stages, asked),
        _select("nature", _("Nature"), kinds, asked),
        _select("modele", _("Version du modèle"), versions, asked),
    ]


def joined_since(uais: list[str]) -> dict[str, Any]:
    """The first day of each of these schools that have joined."""
    today_in = set(in_force.joined_schools().filter(school__in=uais).values_list("school", flat=True))
    found: dict[str, Any] = {}
    for uai, since, until in in_force.spans_of_schools():
        if uai in today_in and until is None:
            found[uai] = min(since, found.get(uai, since))
    return found


# --- the words of the filters


def districts(user: Any) -> list[tuple[str, str]]:
    rows, scope = District.objects.current(), scope_of(user)
    if not scope.is_whole:
        rows = rows.filter(Q(department_code__in=scope.departments) | Q(uai__in=scope.districts))
    return list(rows.order_by("department_code", "short_name").values_list("uai", "short_name"))


def commune_filters(user: Any, asked: QueryDict) -> list[dict[str, Any]]:
    states = [("", _("Tous")), ("aucun", _("Pas de dossier"))]
    states += [(value, label.capitalize()) for value, label in Case.State.choices]
    sizes = [("", _("Toutes")), *((key, str(words[0])) for key, words in SIZES.items())]
    orders = [(key, str(words[0])) for key, words in ORDERS.items()]
    return [
        *place_filters(user, asked),
        _select("etat", _("État du dossier"), states, asked),
        _select("taille", _("Taille"), sizes, asked),
        _select("tri", _("Ranger par"), orders, asked),
    ]


def place_filters(user: Any, asked: QueryDict) -> list[dict[str, Any]]:
    departments = [("", _("Tous")), *Department.choices]
    circonscriptions = [("", _("Toutes")), *districts(user)]
    return [
        _select("departement", _("Département"), departments, asked),
        _select("circonscription", _("Circonscription"), circonscriptions, asked),
    ]


def _select(name: str, label: str, choices: list[tuple[str, str]], asked: QueryDict) -> dict[str, Any]:
    current = asked.get(name, "")
    options = [{"value": v, "label": text, "selected": v == current} for v, text in choices]
    return {"name": name, "label": label, "options": options}


def tabs(asked: QueryDict, labels: dict[str, str]) -> list[dict[str, Any]]:
    rest, current = without(asked, "adhesion", "page"), asked.get("adhesion", "")
    return [
        {
            "label": label,
            "url": f"?{rest}&adhesion={value}" if value else f"?{rest}",
            "current": value == current,
        }
        for value, label in labels.items()
    ]


def without(asked: QueryDict, *names: str) -> str:
    kept = asked.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()
