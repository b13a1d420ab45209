from django.urls import path

from tenant_apps.messages import views

app_name = "messaging"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("brouillons/", views.drafts, name="drafts"),
    path("ecrire/", views.write, name="write"),
    path("ranger/", views.move, name="move"),
    path("reglages/", views.preferences, name="preferences"),
    path("listes/<uuid:pk>/supprimer/", views.drop_list, name="drop_list"),
    path("signales/", views.moderation, name="moderation"),
    path("signales/<uuid:pk>/", views.decide, name="decide"),
    path("<uuid:pk>/", views.thread, name="thread"),
    path("<uuid:pk>/modifier/", views.write, name="change"),
    path("<uuid:pk>/envoyer/", views.send, name="send"),
    path("<uuid:pk>/repondre/", views.answer, name="answer"),
    path("<uuid:pk>/reprendre/", views.hold_back, name="hold_back"),
    path("<uuid:pk>/supprimer/", views.drop, name="drop"),
    path("<uuid:pk>/rappeler/", views.recall, name="recall"),
    path("<uuid:pk>/signaler/", views.report, name="report"),
]
