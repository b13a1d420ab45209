from django.urls import path

from shared_apps.statistics import views
from shared_apps.statistics.usage import views as usage

app_name = "statistics"
urlpatterns = [
    path("statistiques/", views.statistics, name="statistics"),
    path("statistiques/usage/", usage.usage, name="usage"),
    path("statistiques/usage/<slug:level>/<slug:code>/", usage.usage_of, name="usage_of"),
    path("statistiques/usage/<slug:level>/<slug:code>/fichier/<slug:kind>/", usage.usage_file, name="usage_file"),
]
