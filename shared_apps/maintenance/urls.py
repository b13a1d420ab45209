"""The academy's pages."""

from django.urls import path

from shared_apps.maintenance import views

app_name = "maintenance"
urlpatterns = [
    path("", views.home, name="home"),
    path("intervention/", views.plan, name="plan"),
    path("interventions/<uuid:pk>/", views.window, name="window"),
    path("interventions/<uuid:pk>/prolonger/", views.extend, name="extend"),
    path("interventions/<uuid:pk>/annuler/", views.cancel, name="cancel"),
    path("incident/", views.open_incident, name="open_incident"),
    path("incidents/<uuid:pk>/", views.incident, name="incident"),
    path("incidents/<uuid:pk>/message/", views.update_incident, name="update_incident"),
    path("incidents/<uuid:pk>/fin/", views.end_incident, name="end_incident"),
    path("nouveautes/", views.changes, name="changes"),
    path("nouveautes/ecrire/", views.write, name="write"),
    path("nouveautes/<uuid:pk>/", views.change, name="change"),
    path("nouveautes/<uuid:pk>/publier/", views.publish, name="publish"),
    path("nouveautes/<uuid:pk>/retirer/", views.withdraw, name="withdraw"),
]
