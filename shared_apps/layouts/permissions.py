"""Layouts hold no personal data: all the academy's staff read them; those who follow the communes change them."""

from core.permissions import declare
from shared_apps.onboarding.permissions import follows_communes, is_staff

RIGHTS = declare("layouts", {"view_layouts": is_staff, "edit_layouts": follows_communes})
