from django.urls import path

from tenant_apps.links.views import links, passages, postings

app_name = "links"
urlpatterns = [
    path("communes-liees/", links.links, name="links"),
    path("communes-liees/<uuid:pk>/", links.proposed, name="proposed"),
    path("communes-liees/<uuid:pk>/fin/", links.revoke, name="revoke"),
    path("communes-liees/demande/", links.agree, name="agree"),
    path("communes-liees/retour/", links.confirm, name="confirm"),
    path("communes-liees/achevement/", links.finish, name="finish"),
    path("communes-liees/enfants/", passages.children, name="children"),
    path("personnels-academiques/", postings.posted, name="posted"),
    path("personnels-academiques/<uuid:pk>/fin/", postings.release, name="release"),
    path("personnels-academiques/<uuid:pk>/classe/", postings.place, name="place"),
    path("mes-ecoles/", postings.schools, name="schools"),
    path("passage/", passages.start, name="start"),
    path("passage/vers/", passages.towards, name="towards"),
    path("passage/arrivee/", passages.arrive, name="arrive"),
]
