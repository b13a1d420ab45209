from django.urls import path

from shared_apps.signing import views

app_name = "signing"
urlpatterns = [path("verifier-un-document/", views.verify, name="verify")]
