from django.urls import path

from tenant_apps.outings import views

app_name = "outings"
urlpatterns = [
    path("", views.outings, name="outings"),
    path("ecrire/", views.write, name="write"),
    path("<uuid:pk>/", views.outing, name="outing"),
    path("<uuid:pk>/modifier/", views.write, name="change"),
    path("<uuid:pk>/envoyer/", views.publish, name="publish"),
    path("<uuid:pk>/signer/<uuid:slot>/", views.sign, name="sign"),
    path("<uuid:pk>/accompagner/", views.come_along, name="come_along"),
    path("<uuid:pk>/papier/<uuid:pupil>/", views.paper, name="paper"),
    path("<uuid:pk>/relancer/", views.remind, name="remind"),
    path("<uuid:pk>/annuler/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/appel/", views.roll_call, name="roll_call"),
    path("<uuid:pk>/appel/pdf/", views.roll_call_pdf, name="roll_call_pdf"),
]
