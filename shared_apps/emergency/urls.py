from django.urls import path

from shared_apps.emergency import views

app_name = "emergency"
urlpatterns = [
    path("", views.home, name="home"),
    path("couper/", views.throw, name="throw"),
    path("signalements/<uuid:pk>/traiter/", views.close_report, name="close_report"),
    path("<uuid:pk>/", views.switch, name="switch"),
    path("<uuid:pk>/rouvrir/", views.reopen, name="reopen"),
    path("<uuid:pk>/mesure/", views.measure, name="measure"),
]
