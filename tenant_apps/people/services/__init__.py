"""Verbs on people and their links. Each checks, writes, leaves an audit entry.

`actor=None` is the platform itself (opening of a commune, demo). Imports write in bulk with their own functions.
"""

from tenant_apps.people.services.access import print_sheet, print_sheets, renew_code, revoke_lot, send_codes
from tenant_apps.people.services.enrollments import add_pupil, change_class, end_enrollment, enroll
from tenant_apps.people.services.families import change_guardianship, end_guardianship, link_guardian
from tenant_apps.people.services.merges import keep_apart, merge, unmerge
from tenant_apps.people.services.persons import add_person
from tenant_apps.people.services.staff import add_staff, assign_staff, end_assignment

__all__ = [
    "add_person",
    "add_pupil",
    "add_staff",
    "assign_staff",
    "change_class",
    "change_guardianship",
    "end_assignment",
    "end_enrollment",
    "end_guardianship",
    "enroll",
    "keep_apart",
    "link_guardian",
    "merge",
    "print_sheet",
    "print_sheets",
    "renew_code",
    "revoke_lot",
    "send_codes",
    "unmerge",
]
