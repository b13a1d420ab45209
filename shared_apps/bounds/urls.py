from django.urls import path

from shared_apps.bounds import views

app_name = "bounds"
urlpatterns = [
    path("", views.bounds, name="bounds"),
    path("<str:sender>/", views.sender, name="sender"),
]
