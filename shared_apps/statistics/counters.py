"""What the accounts of a commune bring to its figures (they live in a shared app, which knows no feature)."""

from django.db.models import Count, Q

from shared_apps.accounts.models import User


def accounts() -> dict[tuple[str, str], int]:
    totals = User.objects.active().aggregate(
        accounts=Count("pk"), activated=Count("pk", filter=Q(activated_at__isnull=False))
    )
    return {("", "accounts"): totals["accounts"], ("", "accounts_activated"): totals["activated"]}
