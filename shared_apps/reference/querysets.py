from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from core.text import sort_key


class SimilarTo(models.Func):
    """How much two texts look alike, 0 to 1 (extension pg_trgm)."""

    function = "similarity"
    output_field = models.FloatField()


class ReferenceQuerySet(models.QuerySet):
    def current(self) -> Any:
        """What the official file still holds."""
        return self.filter(removed_on=None)

    def search(self, text: str) -> Any:
        """Without accents nor case, by name, first those that begin so; a near name when none matches."""
        words = sort_key(text)
        if not words:
            return self
        found = self.named(text)
        if found.exists():
            return found.order_by(
                Case(When(sort_name__startswith=words, then=Value(0)), default=Value(1)), "sort_name", "id"
            )
        return self._resembling(words)

    def named(self, text: str) -> Any:
        """By name or code, near names left aside."""
        return self.filter(self._matching(text.strip(), sort_key(text)))

    def _matching(self, text: str, words: str) -> Q:
        by_name = Q()
        for word in words.split():
            by_name &= Q(sort_name__startswith=word) | Q(sort_name__contains=f" {word}")
        return by_name | self._by_code(text)

    def _by_code(self, text: str) -> Q:
        raise NotImplementedError

    def _resembling(self, words: str) -> Any:
        return (
            self.annotate(resemblance=SimilarTo("sort_name", Value(words)))
            .filter(resemblance__gt=0.35)
            .order_by("-resemblance", "sort_name", "id")
        )


class RefCommuneQuerySet(ReferenceQuerySet):
    def visible_to(self, user: Any) -> "RefCommuneQuerySet":
        from shared_apps.reference.scopes import scope_of

        scope = scope_of(user)
        if scope.is_whole:
            return self
        if scope.is_empty:
            return self.none()
        in_district = _has_school(district_id__in=scope.districts)
        return self.filter(Q(department_code__in=scope.departments) | Q(in_district))

    def findable(self) -> "RefCommuneQuerySet":
        """With those that a commune nouvelle took in: people look for the name they know."""
        return self.filter(Q(removed_on=None) | Q(successor__isnull=False))

    def with_public_school(self) -> "RefCommuneQuerySet":
        return self.filter(_has_school(sector="public"))

    def of_department(self, code: str) -> "RefCommuneQuerySet":
        return self.filter(department_code=code)

    def _by_code(self, text: str) -> Q:
        return Q(insee=text.upper()) | Q(postal_codes__contains=text) if text[:1].isdigit() else Q()


class RefSchoolQuerySet(ReferenceQuerySet):
    def visible_to(self, user: Any) -> "RefSchoolQuerySet":
        from shared_apps.reference.scopes import scope_of

        scope = scope_of(user)
        if scope.is_whole:
            return self
        return self.filter(Q(commune__department_code__in=scope.departments) | Q(district_id__in=scope.districts))

    def public(self) -> "RefSchoolQuerySet":
        return self.filter(sector="public")

    def of_commune(self, insee: str) -> "RefSchoolQuerySet":
        return self.filter(commune_id=insee)

    def _by_code(self, text: str) -> Q:
        return Q(uai=text.upper()) if text[:1].isdigit() else Q()


class ForAllStaffQuerySet(models.QuerySet):
    """The same for all the académie's staff, whatever the perimeter."""

    def visible_to(self, user: Any) -> Self:
        from shared_apps.reference.scopes import roles_of

        return self if roles_of(user) else self.none()


class DatedQuerySet(ForAllStaffQuerySet):
    def current(self) -> Self:
        return self.filter(removed_on=None)


def _has_school(**conditions: Any) -> Exists:
    from shared_apps.reference.models import RefSchool

    return Exists(RefSchool.objects.current().filter(commune_id=OuterRef("insee"), **conditions))
