"""The front door of the demo: `http://localhost`, on this machine only."""

from django.urls import include, path

from provisioning.demo.urls import front_door

urlpatterns = [*front_door, path("galerie/", include("core.gallery_urls"))]
