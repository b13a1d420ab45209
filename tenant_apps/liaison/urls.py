from django.urls import path

from tenant_apps.liaison.views import following, reading, writing

app_name = "liaison"
urlpatterns = [
    path("", reading.notes, name="notes"),
    path("ecrire/", writing.write, name="write"),
    path("<uuid:pk>/", reading.note, name="note"),
    path("<uuid:pk>/signer/<uuid:slot>/", reading.sign, name="sign"),
    path("<uuid:pk>/signe/<uuid:slot>/", reading.signed, name="signed"),
    path("<uuid:pk>/repondre/<uuid:slot>/", reading.reply, name="reply"),
    path("<uuid:pk>/echanges/<uuid:pupil>/", following.thread, name="thread"),
    path("echanges/<uuid:pk>/signaler/", following.report_words, name="report_words"),
    path("<uuid:pk>/modifier/", writing.write, name="change"),
    path("<uuid:pk>/enfants/", writing.children, name="children"),
    path("<uuid:pk>/envoyer/", writing.publish, name="publish"),
    path("<uuid:pk>/supprimer/", writing.delete, name="delete"),
    path("<uuid:pk>/suivi/", following.follow, name="follow"),
    path("<uuid:pk>/suivi/ods/", following.report, name="report"),
    path("<uuid:pk>/suivi/imprimer/", following.printed, name="print"),
    path("<uuid:pk>/corriger/", writing.correct, name="correct"),
    path("<uuid:pk>/relancer/", following.remind, name="remind"),
    path("<uuid:pk>/papier/<uuid:pupil>/", following.paper, name="paper"),
    path("<uuid:pk>/coupons/", following.coupons, name="coupons"),
    path("<uuid:pk>/archiver/", writing.archive, name="archive"),
    path("<uuid:pk>/retirer/", writing.withdraw, name="withdraw"),
]
