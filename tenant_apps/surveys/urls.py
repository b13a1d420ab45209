from django.urls import path

from tenant_apps.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.surveys, name="surveys"),
    path("ecrire/", views.write, name="write"),
    path("<uuid:pk>/", views.survey, name="survey"),
    path("<uuid:pk>/modifier/", views.write, name="change"),
    path("<uuid:pk>/envoyer/", views.publish, name="publish"),
    path("<uuid:pk>/supprimer/", views.delete, name="delete"),
    path("<uuid:pk>/resultats/", views.results_page, name="results"),
    path("<uuid:pk>/resultats.ods", views.results_ods, name="results_ods"),
    path("<uuid:pk>/clore/", views.close, name="close"),
]
