from django.urls import path

from tenant_apps.people.views import codes, families, profiles, schools, staff

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
    path("profil/", profiles.profiles, name="profiles"),
]
