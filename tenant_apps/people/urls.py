from django.urls import path

from tenant_apps.people import views

app_name = "people"
urlpatterns = [
    path("ecole/", views.school, name="school"),
    path("ecole/<uuid:school_pk>/fiches/", views.school_sheets, name="sheets"),
    path("ecole/<uuid:school_pk>/fiches.pdf", views.sheets_file, name="sheets_file"),
    path("ma-classe/", views.my_classes, name="my_classes"),
    path("classes/<uuid:pk>/", views.school_class, name="class"),
    path("eleves/<uuid:pk>/", views.pupil, name="pupil"),
    path("responsabilites/<uuid:pk>/autorite/", views.authority, name="authority"),
    path("personnes/<uuid:pk>/code/", views.renew_code, name="renew_code"),
    path("profil/", views.switch_profile, name="switch_profile"),
    path("profils/", views.switch_profile, name="profiles"),
]
