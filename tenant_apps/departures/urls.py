from django.urls import path

from tenant_apps.departures import views

app_name = "departures"
urlpatterns = [
    path("depart/", views.leaving, name="leaving"),
    path("depart/<uuid:pk>/archive/", views.ask, name="ask"),
    path("depart/archives/<uuid:pk>/", views.download, name="download"),
    path("departs/", views.departures, name="departures"),
]
