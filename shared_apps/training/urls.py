from django.urls import path

from shared_apps.training.views import attendance, calendars, catalogue, coverage, sessions

app_name = "training"
urlpatterns = [
    path("", sessions.sessions, name="sessions"),
    path("sessions.csv", sessions.export, name="export"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/ajouter/", catalogue.edit, name="add_training"),
    path("catalogue/<uuid:pk>/", catalogue.edit, name="training"),
    path("sessions/ajouter/", sessions.plan, name="plan"),
    path("sessions/<uuid:pk>/", sessions.session, name="session"),
    path("sessions/<uuid:pk>/modifier/", sessions.change, name="change"),
    path("sessions/<uuid:pk>/inscriptions/", sessions.turn, name="turn"),
    path("sessions/<uuid:pk>/annuler/", sessions.cancel, name="cancel"),
    path("sessions/<uuid:pk>/emargement/", attendance.attendance, name="attendance"),
    path("sessions/<uuid:pk>/feuille/", attendance.sheet, name="sheet"),
    path("sessions/<uuid:pk>/sur-place/", attendance.on_site, name="on_site"),
    path("sessions/<uuid:pk>/sur-place/<uuid:registration>/", attendance.walk_in, name="walk_in"),
    path("sessions/<uuid:pk>/session.ics", calendars.ics, name="ics"),
    path("couverture/", coverage.coverage, name="coverage"),
    path("couverture.csv", coverage.export, name="coverage_export"),
    path("couverture.pdf", coverage.export_pdf, name="coverage_pdf"),
    path("mon-agenda/", calendars.my_calendar, name="calendar"),
    path("agenda/<str:token>/sessions.ics", calendars.feed, name="feed"),
    path("attestation/", attendance.verify, name="verify"),
]
