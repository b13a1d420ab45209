import re
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tenant_apps.people.models import StaffAssignment

WRITTEN = ("created", "updated")  # statuses that wait for nobody
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ImportPlanQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Those of the schools one heads today; those of the town's staff, for the school service."""
        mine = StaffAssignment.objects.of(user).on()
        heading = mine.filter(role=StaffAssignment.Role.HEAD)
        of_the_town = Q(Exists(mine.for_the_whole_commune()), school=None)
        return self.filter(Exists(heading.filter(school=OuterRef("school"))) | of_the_town)


class ImportLineQuerySet(models.QuerySet):
    def undecided(self) -> Self:
        return self.filter(status="to_decide", decision__in=["", "wait"], is_applied=False)

    def to_write(self) -> Self:
        """Not written yet: what is new or changes, and what a person decided."""
        decided = Q(status="to_decide", decision__in=["same", "new"]) | Q(status="left", decision="gone")
        return self.filter(Q(status__in=WRITTEN) | decided, is_applied=False)

    def from_form(self, keys: list[str]) -> Self:
        """Those whose keys a form sends; what is no key finds nothing."""
        return self.filter(pk__in=[key for key in keys if KEY.fullmatch(key)])

    def departures(self) -> Self:
        """Absent from the file, and said by a person to have left; not written yet."""
        return self.filter(status="left", decision="gone", is_applied=False)

    def named_classes(self) -> list[tuple[str, str]]:
        """(label, ONDE's id) of the classes of those who are or will be in the school."""
        written = self.to_write().exclude(status="left").values("pk")
        rows = self.filter(Q(pk__in=written) | Q(status="unchanged", is_applied=False), data__has_key="class_label")
        return list(rows.order_by().values_list("data__class_label", "data__onde_id").distinct())

    def recognised(self) -> Self:
        """Alone, or by a person."""
        return self.filter(Q(status__in=["updated", "unchanged"]) | Q(status="to_decide", decision="same"))
