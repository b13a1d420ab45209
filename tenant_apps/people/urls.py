from django.urls import path

from tenant_apps.people.views import codes, duplicates, families, profiles, schools, staff

app_name = "people"
urlpatterns = [
    path("ecole/", schools.school, name="school"),
    path("ecole/<uuid:school_pk>/equipe/", staff.staff, name="staff"),
    path("ecole/<uuid:school_pk>/fiches/", codes.school_sheets, name="sheets"),
    path("ecole/<uuid:school_pk>/fiches/courriels/", codes.send_codes, name="send_codes"),
    path("ecole/<uuid:school_pk>/fiches/lots/<uuid:pk>/revoquer/", codes.revoke_lot, name="revoke_lot"),
    path("ecole/<uuid:school_pk>/fiches.pdf", codes.sheets_file, name="sheets_file"),
    path("affectations/<uuid:pk>/fin/", staff.end_assignment, name="end_assignment"),
    path("ma-classe/", schools.my_classes, name="my_classes"),
    path("classes/<uuid:pk>/", schools.school_class, name="class"),
    path("eleves/<uuid:pk>/", families.pupil, name="pupil"),
    path("responsabilites/<uuid:pk>/", families.guardianship, name="guardianship"),
    path("responsabilites/<uuid:pk>/fin/", families.end_guardianship, name="end_guardianship"),
    path("personnes/<uuid:pk>/code/", codes.person_code, name="code"),
    path("personnes/<uuid:pk>/fiche.pdf", codes.person_sheet, name="person_sheet"),
    path("doublons/", duplicates.duplicates, name="duplicates"),
    path("doublons/<uuid:one>/<uuid:two>/", duplicates.pair, name="pair"),
    path("doublons/<uuid:one>/<uuid:two>/fusionner/", duplicates.merge, name="merge"),
    path("doublons/<uuid:one>/<uuid:two>/distinguer/", duplicates.keep_apart, name="keep_apart"),
    path("doublons/<uuid:pk>/defaire/", duplicates.unmerge, name="unmerge"),
    path("profil/", profiles.profiles, name="profiles"),
]
