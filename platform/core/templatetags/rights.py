"""`{% can "liaison.sign_note" note as may_sign %}`: the permission door, for templates."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: template.Context, permission: str, obj: Any = None) -> bool:
    return context["request"].user.has_perm(permission, obj)
