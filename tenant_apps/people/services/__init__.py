"""Verbs on people and their links. Each checks, writes, leaves an audit entry.

`actor=None` is the platform itself (opening of a commune, demo). Imports write in bulk with their own functions.
"""

from tenant_apps.people.services.access import print_sheet, print_sheets, renew_code, revoke_lot, send_codes
from tenant_apps.people.services.enrollments import (
    add_pupil,
    change_class,
    change_pupil,
    end_enrollment,
    enroll,
    undo_departure,
)
from tenant_apps.people.services.families import (
    add_guardian,
    add_pickup,
    change_guardianship,
    end_guardianship,
    end_pickup,
    link_guardian,
    undo_end_of_guardianship,
)
from tenant_apps.people.services.groups import change_group, end_group, make_group, undo_end_of_group
from tenant_apps.people.services.merges import keep_apart, merge, unmerge
from tenant_apps.people.services.persons import add_person, change_person
from tenant_apps.people.services.staff import add_service, add_staff, assign_staff, end_assignment, undo_end
from tenant_apps.people.services.supports import add_support, end_support

__all__ = [
    "add_guardian",
    "add_person",
    "add_pickup",
    "add_pupil",
    "add_service",
    "add_staff",
    "add_support",
    "assign_staff",
    "change_class",
    "change_group",
    "change_guardianship",
    "change_person",
    "change_pupil",
    "end_assignment",
    "end_enrollment",
    "end_group",
    "end_guardianship",
    "end_pickup",
    "end_support",
    "enroll",
    "keep_apart",
    "link_guardian",
    "make_group",
    "merge",
    "print_sheet",
    "print_sheets",
    "renew_code",
    "revoke_lot",
    "send_codes",
    "undo_departure",
    "undo_end",
    "undo_end_of_group",
    "undo_end_of_guardianship",
    "unmerge",
]
