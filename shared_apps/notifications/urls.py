from django.urls import path

from shared_apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("tout-lu/", views.read_all, name="read_all"),
    path("<uuid:pk>/", views.open_page, name="open"),
]
