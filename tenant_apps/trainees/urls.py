from django.urls import path

from tenant_apps.trainees import views

app_name = "trainees"
urlpatterns = [
    path("", views.offers, name="offers"),
    path("<uuid:session>/", views.offer, name="offer"),
    path("<uuid:session>/session.ics", views.ics, name="ics"),
    path("<uuid:session>/inscription/", views.register, name="register"),
    path("inscriptions/<uuid:pk>/desistement/", views.withdraw, name="withdraw"),
    path("inscriptions/<uuid:pk>/avis/", views.rate, name="rate"),
    path("inscriptions/<uuid:pk>/attestation.pdf", views.certificate, name="certificate"),
]
