"""The academy's pages of reference data."""

from django.urls import path

from shared_apps.reference import data_views as views

app_name = "reference_data"
urlpatterns = [
    path("", views.home, name="home"),
    path("depots/<uuid:pk>/", views.load, name="load"),
    path("depots/<uuid:pk>/approuver/", views.approve, name="approve"),
    path("depots/<uuid:pk>/ecarter/", views.refuse, name="refuse"),
    path("ecoles/ouvrir/", views.open_school, name="open_school"),
    path("ecoles/<str:uai>/", views.school, name="school"),
    path("ecoles/<str:uai>/nom/", views.rename_school, name="rename_school"),
    path("ecoles/<str:uai>/fermer/", views.close_school, name="close_school"),
    path("ecoles/<str:uai>/rouvrir/", views.reopen_school, name="reopen_school"),
    path("communes/<str:insee>/", views.commune, name="commune"),
    path("communes/<str:insee>/nom/", views.rename_commune, name="rename_commune"),
    path("communes/<str:insee>/reunir/", views.merge, name="merge"),
    path("calendrier/", views.calendar, name="calendar"),
    path("calendrier/ajouter/", views.add_day, name="add_day"),
    path("calendrier/<uuid:pk>/", views.day, name="day"),
    path("calendrier/<uuid:pk>/retirer/", views.remove_day, name="remove_day"),
]
