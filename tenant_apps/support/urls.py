from django.urls import path

from tenant_apps.support.views import accesses, entering, looking, problems, tickets

app_name = "support"
urlpatterns = [
    path("aide/demander/", tickets.ask, name="ask"),
    path("aide/recues/", tickets.desk, name="desk"),
    path("aide/un-probleme/", problems.problem, name="problem"),
    path("aide/demandes/<uuid:pk>/", tickets.ticket, name="ticket"),
    path("aide/demandes/<uuid:pk>/ecrire/", tickets.write, name="write"),
    path("aide/demandes/<uuid:pk>/transmettre/", tickets.escalate, name="escalate"),
    path("aide/demandes/<uuid:pk>/lecture/", tickets.share, name="share"),
    path("aide/demandes/<uuid:pk>/resolue/", tickets.solve, name="solve"),
    path("aide/demandes/<uuid:pk>/rouvrir/", tickets.reopen, name="reopen"),
    path("aide/demandes/<uuid:pk>/avis/", tickets.rate, name="rate"),
    path("assistance/acces/", accesses.accesses, name="accesses"),
    path("assistance/acces/<uuid:pk>/autoriser/", accesses.grant, name="grant"),
    path("assistance/acces/<uuid:pk>/refuser/", accesses.refuse, name="refuse"),
    path("assistance/acces/<uuid:pk>/fin/", accesses.end, name="end"),
    path("assistance/entree/", entering.start, name="start"),
    path("assistance/arrivee/", entering.arrive, name="arrive"),
    path("assistance/consultation/", looking.look, name="look"),
    path("assistance/consultation/comptes/", looking.look_accounts, name="look_accounts"),
    path("assistance/consultation/<uuid:pk>/", looking.look_class, name="look_class"),
    path("assistance/consultation/pieces/<uuid:pk>/", looking.look_file, name="look_file"),
    path("assistance/quitter/", looking.leave, name="leave"),
]
