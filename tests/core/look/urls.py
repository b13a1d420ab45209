"""Only the gallery."""

from django.urls import include, path

urlpatterns = [path("galerie/", include("core.gallery_urls"))]
