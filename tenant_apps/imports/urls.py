from django.urls import path

from tenant_apps.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("modele-agents.<slug:form>", views.template, name="template"),
    path("<uuid:pk>/", views.review, name="review"),
    path("<uuid:pk>/decider/<uuid:line>/", views.decide, name="decide"),
    path("<uuid:pk>/appliquer/", views.apply, name="apply"),
    path("<uuid:pk>/annuler/", views.cancel, name="cancel"),
]
