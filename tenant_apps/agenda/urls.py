from django.urls import path

from tenant_apps.agenda import views

app_name = "agenda"
urlpatterns = [
    path("", views.agenda, name="agenda"),
    path("imprimer/", views.print_month, name="print"),
    path("ecrire/", views.write, name="write"),
    path("lien/", views.link, name="link"),
    path("flux/<str:token>/agenda.ics", views.feed, name="feed"),
    path("emploi-du-temps/<uuid:pk>/", views.timetable, name="timetable"),
    path("emploi-du-temps/heure/<uuid:pk>/supprimer/", views.remove_lesson, name="remove_lesson"),
    path("<uuid:pk>/", views.event, name="event"),
    path("<uuid:pk>/modifier/", views.write, name="change"),
    path("<uuid:pk>/supprimer/", views.remove, name="remove"),
]
