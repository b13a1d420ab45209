from django.urls import path

from shared_apps.api import token_pages

app_name = "api_tokens"
urlpatterns = [
    path("", token_pages.tokens, name="list"),
    path("nouvelle/", token_pages.make, name="make"),
    path("<uuid:pk>/revoquer/", token_pages.revoke, name="revoke"),
]
