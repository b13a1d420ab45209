from django.urls import path

from tenant_apps.usage import views

app_name = "usage"
urlpatterns = [
    path("", views.usage, name="usage"),
    path("tableau/", views.usage_csv, name="usage_csv"),
]
