"""Lines of imports name people before anybody recognised them: those of who is erased go, those that grew old too."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.registry import Erased
from core.text import sort_key
from tenant_apps.imports.models import ImportLine

KEPT = timedelta(days=30)


def erase(who: Erased) -> None:
    """By what they matched, by INE, and by names: a homonym's line may go too, its person stays."""
    lines = ImportLine.objects.all()
    lines.filter(plan__created_at__lt=timezone.now() - KEPT).delete()
    names = {sort_key(last, first) for last, first in who.names}
    named = [pk for pk, name in lines.values_list("pk", "name") if _names(name, names)]
    lines.filter(Q(match_id__in=who.ids) | Q(data__ine__in=who.ines) | Q(pk__in=named)).delete()
    for last, first in who.names:
        lines.filter(Q(data__icontains=last) & Q(data__icontains=first)).delete()
        lines.filter(Q(changes__icontains=last) & Q(changes__icontains=first)).delete()


def _names(text: str, names: set[str]) -> bool:
    words = sort_key(text)
    return any(all(word in words.split() for word in name.split()) for name in names)
