from django.urls import path

from shared_apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("tout-lu/", views.read_all, name="read_all"),
    path("reglages/", views.preferences, name="preferences"),
    path("appareils/", views.subscribe, name="subscribe"),
    path("appareils/<uuid:pk>/retirer/", views.unsubscribe, name="unsubscribe"),
    path("worker.js", views.worker, name="worker"),
    path("<uuid:pk>/", views.open_page, name="open"),
]
