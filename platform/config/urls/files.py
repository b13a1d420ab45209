"""User files, by signed link; nobody signs in here."""

from django.urls import URLPattern, URLResolver, path

from shared_apps.files import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:schema>/<str:token>/", views.read_file, name="read_file"),
]
handler404 = views.no_page
