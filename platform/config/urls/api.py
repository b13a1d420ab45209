"""What each kind of host offers to programs."""

from shared_apps.api.urls import api_urls
from shared_apps.lifecycle.api import Endings
from shared_apps.maintenance.api import Changes, Incidents, ServiceState, Windows
from shared_apps.onboarding.api import Cases, CaseTasks, Communes, Conventions, RefSchools, WaveActs, Waves
from shared_apps.reference.api import CalendarDays, Districts, ReferenceActs, ReferenceLoads
from shared_apps.statistics.api import AdoptionFigures
from shared_apps.statistics.usage.api import UsageMonths
from shared_apps.support.api import Accesses, SupportFigures, Tickets
from shared_apps.training.api import TrainingCoverage, Trainings, TrainingSessions
from tenant_apps.agenda.api import Events
from tenant_apps.attendance.api import Absences, Announcements, HeadCounts, RollCalls
from tenant_apps.homework.api import HomeworkList
from tenant_apps.messages.api import Messages
from tenant_apps.people.api import Enrollments, Guardians, Me, Pupils, StaffAssignments
from tenant_apps.schools.api import SchoolClasses, Schools, SchoolYears

commune = api_urls(
    {
        "schools": Schools,
        "years": SchoolYears,
        "classes": SchoolClasses,
        "pupils": Pupils,
        "guardians": Guardians,
        "enrollments": Enrollments,
        "staff": StaffAssignments,
        "messages": Messages,
        "homework": HomeworkList,
        "events": Events,
        "roll-calls": RollCalls,
        "absences": Absences,
        "absence-announcements": Announcements,
    },
    {"me": Me, "head-counts": HeadCounts},
)

academy = api_urls(
    {
        "communes": Communes,
        "schools": RefSchools,
        "districts": Districts,
        "calendar": CalendarDays,
        "reference-loads": ReferenceLoads,
        "reference-acts": ReferenceActs,
        "windows": Windows,
        "incidents": Incidents,
        "changes": Changes,
        "conventions": Conventions,
        "cases": Cases,
        "case-tasks": CaseTasks,
        "waves": Waves,
        "wave-acts": WaveActs,
        "tickets": Tickets,
        "support-accesses": Accesses,
        "trainings": Trainings,
        "training-sessions": TrainingSessions,
        "training-coverage": TrainingCoverage,
        "usage": UsageMonths,
        "endings": Endings,
    },
    {
        "adoption": AdoptionFigures,
        "support-figures": SupportFigures,
        "state": ServiceState,
    },
)
