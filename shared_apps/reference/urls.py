from django.urls import path

from shared_apps.reference import views

app_name = "reference"
urlpatterns = [
    path("", views.find, name="find"),
    path("oublier/", views.forget, name="forget"),
    path("<str:insee>/", views.go, name="go"),
]
