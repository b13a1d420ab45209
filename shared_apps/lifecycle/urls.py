from django.urls import path

from shared_apps.lifecycle import views

app_name = "lifecycle"
urlpatterns = [
    path("a-effacer/", views.to_erase, name="to_erase"),
    path("communes/<str:insee>/vie/", views.life, name="life"),
    path("communes/<str:insee>/vie/termes/", views.terms, name="terms"),
    path("communes/<str:insee>/vie/reconduire/", views.renew, name="renew"),
    path("communes/<str:insee>/vie/suspendre/", views.suspend, name="suspend"),
    path("communes/<str:insee>/vie/retablir/", views.lift, name="lift"),
    path("communes/<str:insee>/vie/revenir/", views.come_back, name="come_back"),
    path("communes/<str:insee>/vie/resilier/", views.terminate, name="terminate"),
    path("communes/<str:insee>/vie/paquets/", views.prepare, name="prepare"),
    path("communes/<str:insee>/vie/paquets/<uuid:pk>/lien/", views.send_again, name="send_again"),
    path("communes/<str:insee>/vie/paquets/<uuid:pk>/retirer/", views.take, name="take"),
    path("communes/<str:insee>/vie/effacer/", views.erase, name="erase"),
    path("communes/<str:insee>/vie/effacer/annuler/", views.keep, name="keep"),
    path("communes/<str:insee>/vie/attestation.pdf", views.proof, name="proof"),
    path("paquet/<str:token>/", views.receive, name="receive"),
]
