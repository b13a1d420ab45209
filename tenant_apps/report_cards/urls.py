from django.urls import path

from tenant_apps.report_cards import views

app_name = "report_cards"
urlpatterns = [
    path("", views.index, name="index"),
    path("periodes/", views.periods, name="periods"),
    path("periodes/<uuid:pk>/ouvrir-fermer/", views.toggle, name="toggle"),
    path("classe/<uuid:pk>/<uuid:period>/", views.entry, name="entry"),
    path("classe/<uuid:pk>/<uuid:period>/valider/", views.validate, name="validate"),
    path("classe/<uuid:pk>/<uuid:period>/rouvrir/", views.reopen_class, name="reopen_class"),
    path("classe/<uuid:pk>/<uuid:period>/pdf/", views.class_pdf, name="class_pdf"),
    path("classe/<uuid:pk>/<uuid:period>/signatures/", views.follow, name="follow"),
    path("classe/<uuid:pk>/<uuid:period>/relancer/", views.remind, name="remind"),
    path("<uuid:pk>/", views.report, name="report"),
    path("<uuid:pk>/pdf/", views.report_pdf, name="report_pdf"),
    path("<uuid:pk>/signer/", views.sign, name="sign"),
    path("<uuid:pk>/valider/", views.validate_one, name="validate_one"),
    path("<uuid:pk>/rouvrir/", views.reopen, name="reopen"),
    path("<uuid:pk>/papier/", views.paper, name="paper"),
]
