from django.urls import path

from provisioning import views

app_name = "provisioning"
urlpatterns = [
    path("communes/<str:insee>/ouverture/", views.opening, name="opening"),
    path("communes/<str:insee>/ouverture/panneau/", views.panel, name="panel"),
    path("communes/<str:insee>/ouverture/demander/", views.open_commune, name="open"),
    path("communes/<str:insee>/ouverture/reprendre/", views.resume, name="resume"),
    path("communes/<str:insee>/ouverture/tuer/", views.kill, name="kill"),
]
