from django.urls import path

from shared_apps.support.views import accesses, canned, queue

app_name = "helpdesk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("chiffres/", queue.figures, name="figures"),
    path("demandes/<uuid:pk>/", queue.ticket, name="ticket"),
    path("demandes/<uuid:pk>/suivre/", queue.assign, name="assign"),
    path("demandes/<uuid:pk>/repondre/", queue.answer, name="answer"),
    path("reponses/", canned.answers, name="canned"),
    path("reponses/ajouter/", canned.write, name="add_canned"),
    path("reponses/<uuid:pk>/", canned.write, name="edit_canned"),
    path("reponses/<uuid:pk>/retirer/", canned.archive, name="archive_canned"),
    path("acces/", accesses.accesses, name="accesses"),
    path("acces/demander/", accesses.ask, name="ask_access"),
    path("acces/<uuid:pk>/fin/", accesses.withdraw, name="withdraw_access"),
    path("passage/", accesses.towards, name="towards"),
]
