from django.urls import path

from tenant_apps.reach import views

app_name = "reach"
urlpatterns = [
    path("", views.families, name="families"),
    path("imprimer/", views.sheets, name="sheets"),
]
