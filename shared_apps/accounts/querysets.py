from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from core.text import fold


class UserQuerySet(models.QuerySet):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def not_activated(self) -> "UserQuerySet":
        return self.filter(activated_at=None)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # made by Django
    def get_by_natural_key(self, identifier: str) -> Any:
        return self.get(identifier=fold(identifier).strip())
