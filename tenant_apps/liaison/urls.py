from django.urls import path

from tenant_apps.liaison import views

app_name = "liaison"
urlpatterns = [
    path("", views.notes, name="notes"),
    path("ecrire/", views.write, name="write"),
    path("<uuid:pk>/", views.note, name="note"),
    path("<uuid:pk>/signer/<uuid:slot>/", views.sign, name="sign"),
    path("<uuid:pk>/signe/<uuid:slot>/", views.signed, name="signed"),
    path("<uuid:pk>/repondre/<uuid:slot>/", views.reply, name="reply"),
    path("<uuid:pk>/echanges/<uuid:pupil>/", views.thread, name="thread"),
    path("echanges/<uuid:pk>/signaler/", views.report_words, name="report_words"),
    path("<uuid:pk>/modifier/", views.write, name="change"),
    path("<uuid:pk>/enfants/", views.children, name="children"),
    path("<uuid:pk>/envoyer/", views.publish, name="publish"),
    path("<uuid:pk>/supprimer/", views.delete, name="delete"),
    path("<uuid:pk>/suivi/", views.follow, name="follow"),
    path("<uuid:pk>/suivi/ods/", views.report, name="report"),
    path("<uuid:pk>/suivi/imprimer/", views.printed, name="print"),
    path("<uuid:pk>/corriger/", views.correct, name="correct"),
    path("<uuid:pk>/relancer/", views.remind, name="remind"),
    path("<uuid:pk>/papier/<uuid:pupil>/", views.paper, name="paper"),
    path("<uuid:pk>/coupons/", views.coupons, name="coupons"),
    path("<uuid:pk>/archiver/", views.archive, name="archive"),
    path("<uuid:pk>/retirer/", views.withdraw, name="withdraw"),
]
