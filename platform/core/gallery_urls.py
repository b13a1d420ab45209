"""The gallery of components, included by the demo and by development only."""

from django.urls import path

from core import gallery

app_name = "gallery"
urlpatterns = [
    path("", gallery.components, name="components"),
    path("modele/<slug:name>/", gallery.specimen, name="specimen"),
    path("<slug:theme>/", gallery.components, name="theme"),
]
