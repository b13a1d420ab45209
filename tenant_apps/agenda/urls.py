from django.urls import path

from tenant_apps.agenda.views import appointments, dates

app_name = "agenda"
urlpatterns = [
    path("", dates.agenda, name="agenda"),
    path("imprimer/", dates.print_month, name="print"),
    path("ecrire/", dates.write, name="write"),
    path("lien/", dates.link, name="link"),
    path("flux/<str:token>/agenda.ics", dates.feed, name="feed"),
    path("emploi-du-temps/<uuid:pk>/", dates.timetable, name="timetable"),
    path("emploi-du-temps/heure/<uuid:pk>/supprimer/", dates.remove_lesson, name="remove_lesson"),
    path("rendez-vous/", appointments.appointments, name="appointments"),
    path("rendez-vous/ouvrir/", appointments.open_slots, name="open_slots"),
    path("rendez-vous/prendre/", appointments.book, name="book"),
    path("rendez-vous/<uuid:pk>/annuler/", appointments.cancel, name="cancel"),
    path("rendez-vous/<uuid:pk>/retirer/", appointments.close_slot, name="close_slot"),
    path("<uuid:pk>/", dates.event, name="event"),
    path("<uuid:pk>/modifier/", dates.write, name="change"),
    path("<uuid:pk>/supprimer/", dates.remove, name="remove"),
]
