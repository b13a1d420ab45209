from django.urls import path

from shared_apps.statistics import views

app_name = "statistics"
urlpatterns = [path("statistiques/", views.statistics, name="statistics")]
