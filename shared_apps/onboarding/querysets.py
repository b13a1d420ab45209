from typing import Any

from django.db import models


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

    def for_commune(self, insee: str) -> "CaseQuerySet":
        return self.filter(commune_id=insee)

    def with_signed_text(self) -> "CaseQuerySet":
        """With what an opening reads: schools, contacts, signatures."""
        return self.select_related("commune").prefetch_related(
            "contacts", "conventions__annexed_schools__school", "conventions__signatures"
        )

    def with_convention(self) -> "CaseQuerySet":
        """With all that its page shows, in a number of queries that doesn't grow."""
        return self.select_related("commune", "owner").prefetch_related(
            "events__recorded_by",
            "contacts__school",
            "conventions__annexed_schools__school",
            "conventions__signatures__recorded_by",
            "conventions__signatures__scan",
            "conventions__invitations",
        )
