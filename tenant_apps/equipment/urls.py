from django.urls import path

from tenant_apps.equipment import views

app_name = "equipment"
urlpatterns = [
    path("", views.inventory, name="inventory"),
    path("tableau/", views.inventory_csv, name="inventory_csv"),
    path("<uuid:school_pk>/", views.count, name="count"),
]
