from django.urls import path

from shared_apps.statistics.usage import views

urlpatterns = [
    path("statistiques/usage/", views.usage, name="usage"),
    path("statistiques/usage/<slug:level>/<slug:code>/", views.usage_of, name="usage_of"),
    path("statistiques/usage/<slug:level>/<slug:code>/fichier/<slug:kind>/", views.usage_file, name="usage_file"),
]
