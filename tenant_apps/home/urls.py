from django.urls import path

from tenant_apps.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("ma-classe-et-moi/", views.pupil_class, name="pupil_class"),
    path("vacances/", views.pupil_holidays, name="pupil_holidays"),
    path("un-souci/", views.pupil_help, name="pupil_help"),
]
