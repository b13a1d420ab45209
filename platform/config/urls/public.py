"""The academy’s pages."""

from django.urls import URLPattern, URLResolver, include, path

from shared_apps.onboarding.views.communes import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("", include("shared_apps.onboarding.urls")),
    path("", include("shared_apps.statistics.urls")),
    path("", include("provisioning.urls")),
]
