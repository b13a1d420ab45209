from django.urls import path

from tenant_apps.attendance.views import announcements, calls, counts, families, registers, worker

app_name = "attendance"
urlpatterns = [
    path("appel/", calls.board, name="board"),
    path("appel/worker.js", worker.worker, name="worker"),
    path("appel/<uuid:pk>/registre/<str:month>/", registers.register, name="register"),
    path("appel/<uuid:pk>/registre/<str:month>/pdf/", registers.register_pdf, name="register_pdf"),
    path("appel/<uuid:pk>/registre/<str:month>/ods/", registers.register_ods, name="register_ods"),
    # The day is in the address: a tablet keeps the page of that half-day, and no other.
    path("appel/<uuid:pk>/<str:day>/<str:half>/", calls.call, name="call"),
    path("absences/<uuid:pk>/apprecier/", registers.judge, name="judge"),
    path("absences/signalements/", registers.signalled, name="signalled"),
    path("absences/signalements/<uuid:pk>/<str:month>/", registers.signalling, name="signalling"),
    path("absences/", families.absences, name="absences"),
    path("absences/declarer/", families.declare, name="declare"),
    path("absences/<uuid:pk>/retirer/", families.withdraw, name="withdraw"),
    path("absences/annoncees/", announcements.announcements, name="announcements"),
    path("absences/annoncees/<uuid:pk>/vue/", announcements.handle, name="handle"),
    path("effectifs/", counts.head_count, name="head_count"),
]
