"""Figures hold no personal data: all the academy's staff read them, within what each sees."""

from core.permissions import declare
from shared_apps.onboarding.permissions import is_staff

RIGHTS = declare("statistics", {"view_statistics": is_staff})
