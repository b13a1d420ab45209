from django.urls import path

from tenant_apps.moderation import views

app_name = "moderation"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<uuid:pk>/", views.decide, name="decide"),
]
