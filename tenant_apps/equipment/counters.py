"""The equipment of the schools, for the académie's figures."""

from tenant_apps.equipment.models import Equipment

Kind = Equipment.Kind
# metric → kinds added up
METRICS = {
    "computers": (Kind.DESKTOP, Kind.LAPTOP),
    "tablets": (Kind.TABLET,),
    "screens": (Kind.SCREEN,),
    "equipped_classes": (Kind.EQUIPPED_CLASS,),
}


def counters() -> dict[tuple[str, str], int]:
    """(uai, metric) → number; a school without any says zero once it has been counted."""
    found: dict[tuple[str, str], int] = {}
    for uai, kind, quantity in Equipment.objects.order_by().values_list("school__uai", "kind", "quantity"):
        for metric, kinds in METRICS.items():
            found[uai, metric] = found.get((uai, metric), 0) + (quantity if kind in kinds else 0)
    return found
