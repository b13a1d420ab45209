from django.urls import path

from tenant_apps.report_cards import views

app_name = "report_cards"
urlpatterns = [
    path("", views.index, name="index"),
    path("periodes/", views.periods, name="periods"),
    path("periodes/<uuid:pk>/ouvrir-fermer/", views.toggle, name="toggle"),
    path("classe/<uuid:pk>/<uuid:period>/", views.entry, name="entry"),
    path("classe/<uuid:pk>/<uuid:period>/valider/", views.validate, name="validate"),
    path("<uuid:pk>/", views.report, name="report"),
    path("<uuid:pk>/pdf/", views.report_pdf, name="report_pdf"),
    path("<uuid:pk>/signer/", views.sign, name="sign"),
]
