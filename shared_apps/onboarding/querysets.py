from typing import Any

from django.db import models
from django.db.models.functions import Now, TruncDate
from django.utils import timezone


class ConventionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ConventionQuerySet":
        """Those of the communes that this member of the staff sees."""
        from shared_apps.reference.models import RefCommune

        return self.filter(case__commune__in=RefCommune.objects.visible_to(user))

    def with_signatures(self) -> "ConventionQuerySet":
        """With all that its page and the API show, in a number of queries that doesn't grow."""
        return self.select_related("case__commune", "party", "sealed").prefetch_related(
            "annexed_schools__school", "signatures__recorded_by", "signatures__scan", "invitations"
        )


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "CaseQuerySet":
        """Cases of the communes that this member of the staff sees."""
        from shared_apps.reference.models import RefCommune

        return self.filter(commune__in=RefCommune.objects.visible_to(user))

    def current(self) -> "CaseQuerySet":
        """Not those of communes that another took in: nobody has anything more to bring in there."""
        return self.filter(commune__removed_on=None)

    def with_late_tasks(self) -> "CaseQuerySet":
        """`late_tasks`: how many should have been done. The day is the database's, asked at each query."""
        late = models.Q(tasks__done_on=None, tasks__due_on__lt=TruncDate(Now()))
        return self.annotate(late_tasks=models.Count("tasks", filter=late))

    def for_commune(self, insee: str) -> "CaseQuerySet":
        return self.filter(commune_id=insee)

    def with_signed_text(self) -> "CaseQuerySet":
        """With what an opening reads: schools, contacts, signatures."""
        return self.select_related("commune").prefetch_related(
            "contacts", "mandates", "conventions__annexed_schools__school", "conventions__signatures"
        )

    def with_convention(self) -> "CaseQuerySet":
        """With all that its page shows, in a number of queries that doesn't grow."""
        return self.select_related("commune", "owner", "official_address").prefetch_related(
            "events__recorded_by",
            "contacts__school",
            "mandates",
            "conventions__annexed_schools__school",
            "conventions__signatures__recorded_by",
            "conventions__signatures__scan",
            "conventions__invitations",
        )


class OfCaseQuerySet(models.QuerySet):
    """Rows of a case are seen by who sees the case."""

    def visible_to(self, user: Any) -> Any:
        from shared_apps.reference.models import RefCommune

        return self.filter(case__commune__in=RefCommune.objects.visible_to(user))


class CaseTaskQuerySet(OfCaseQuerySet):
    def to_do(self) -> "CaseTaskQuerySet":
        return self.filter(done_on=None)

    def overdue(self) -> "CaseTaskQuerySet":
        return self.to_do().filter(due_on__lt=timezone.localdate())

    def to_remind(self) -> "CaseTaskQuerySet":
        """Due today or late, and nobody was told: they are told once."""
        return self.to_do().filter(due_on__lte=timezone.localdate(), reminded_on=None)


class MandateQuerySet(OfCaseQuerySet):
    def asked(self) -> "MandateQuerySet":
        return self.filter(answered_at=None, withdrawn_at=None)


class WaveItemQuerySet(models.QuerySet):
    def undone(self) -> "WaveItemQuerySet":
        return self.filter(state__in=("waiting", "running"))
