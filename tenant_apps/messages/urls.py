from django.urls import path

from tenant_apps.messages.views import boxes, settings, writing

app_name = "messaging"
urlpatterns = [
    path("", boxes.inbox, name="inbox"),
    path("brouillons/", boxes.drafts, name="drafts"),
    path("ecrire/", writing.write, name="write"),
    path("ranger/", boxes.move, name="move"),
    path("reglages/", settings.preferences, name="preferences"),
    path("listes/<uuid:pk>/supprimer/", settings.drop_list, name="drop_list"),
    path("<uuid:pk>/", boxes.thread, name="thread"),
    path("<uuid:pk>/modifier/", writing.write, name="change"),
    path("<uuid:pk>/envoyer/", writing.send, name="send"),
    path("<uuid:pk>/repondre/", boxes.answer, name="answer"),
    path("<uuid:pk>/reprendre/", writing.hold_back, name="hold_back"),
    path("<uuid:pk>/supprimer/", writing.drop, name="drop"),
    path("<uuid:pk>/rappeler/", boxes.recall, name="recall"),
    path("<uuid:pk>/signaler/", boxes.report, name="report"),
]
