from typing import Any

from django.db import models
from django.db.models.functions import Now, TruncDate
from django.utils import timezone


class ConventionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ConventionQuerySet":
        """Those of the communes that this member of the staff sees."""
        from shared_apps.reference.models import RefCommune

        return self.filter(case__commune__in=RefCommune.objects.visible_to(user))

    def with_stage(self) -> "ConventionQuerySet":
        """`stage`, one of `Convention.Stage`."""
        from shared_apps.onboarding.models import Convention

        stage = Convention.Stage
        over = models.Q(case__state__in=("expired", "archived", "terminated")) | models.Q(closed_on__isnull=False)
        sent = models.Q(invitations__used_at=None, invitations__revoked_at=None, invitations__expires_at__gt=Now())
        sides = models.Count("signatures", distinct=True)
        links = models.Count("invitations", filter=sent, distinct=True)
        return self.alias(sides=sides, links=links).annotate(
            stage=models.Case(
                models.When(over, sides=2, then=models.Value(stage.OVER)),
                models.When(sides=2, then=models.Value(stage.SIGNED)),
                models.When(sides=1, then=models.Value(stage.HALF)),
                models.When(links__gt=0, then=models.Value(stage.SENT)),
                models.When(deliberated_on__isnull=False, then=models.Value(stage.DELIBERATED)),
                default=models.Value(stage.DRAFT),
            )
        )

    def search(self, text: str) -> "ConventionQuerySet":
        """By number, commune, INSEE code, or who signs for it."""
        from shared_apps.onboarding.models import Convention
        from shared_apps.reference.models import RefCommune

        of_commune = models.Q(case__commune__in=RefCommune.objects.named(text).values("insee"))
        by_party = models.Q(party__name__icontains=text) | models.Q(party__siren=text)
        by_signer = models.Q(pk__in=Convention.objects.filter(signatures__signer_name__icontains=text).values("pk"))
        return self.filter(models.Q(number__startswith=text) | of_commune | by_party | by_signer)

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


class OfWaveQuerySet(models.QuerySet):
    """Waves go beyond any perimeter: whole or not at all."""

    def visible_to(self, user: Any) -> Any:
        from shared_apps.reference.scopes import scope_of

        return self if scope_of(user).is_whole else self.none()
