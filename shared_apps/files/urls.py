from django.urls import path

from shared_apps.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:pk>/", views.open_file, name="open"),
]
