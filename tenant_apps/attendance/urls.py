from django.urls import path

from tenant_apps.attendance.views import announcements, calls, counts, families

app_name = "attendance"
urlpatterns = [
    path("appel/", calls.board, name="board"),
    # The day is in the address: a tablet keeps the page of that half-day, and no other.
    path("appel/<uuid:pk>/<str:day>/<str:half>/", calls.call, name="call"),
    path("absences/", families.absences, name="absences"),
    path("absences/declarer/", families.declare, name="declare"),
    path("absences/<uuid:pk>/retirer/", families.withdraw, name="withdraw"),
    path("absences/annoncees/", announcements.announcements, name="announcements"),
    path("absences/annoncees/<uuid:pk>/vue/", announcements.handle, name="handle"),
    path("effectifs/", counts.head_count, name="head_count"),
]
