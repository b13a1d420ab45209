from django.urls import path

from shared_apps.onboarding.views import acts, case, communes, console

app_name = "onboarding"
urlpatterns = [
    path("communes/", communes.communes, name="communes"),
    path("communes.csv", communes.communes_csv, name="communes_csv"),
    path("communes/carte/", communes.the_map, name="map"),
    path("communes/a-appeler/", communes.to_call, name="to_call"),
    path("ecoles/", communes.schools, name="schools"),
    path("ecoles.csv", communes.schools_csv, name="schools_csv"),
    path("communes/<str:insee>/", case.commune, name="commune"),
    path("communes/<str:insee>/dossier/", case.start, name="start"),
    path("communes/<str:insee>/suivi/", case.owner, name="owner"),
    path("communes/<str:insee>/contact/", acts.contacted, name="contacted"),
    path("communes/<str:insee>/contacts/<str:who>/", acts.contact, name="contact"),
    path("communes/<str:insee>/convention/", acts.draft, name="draft"),
    path("communes/<str:insee>/convention.pdf", case.convention_pdf, name="convention_pdf"),
    path("communes/<str:insee>/deliberation/", acts.deliberation, name="deliberation"),
    path("communes/<str:insee>/signature-commune/", acts.sign_commune, name="sign_commune"),
    path("communes/<str:insee>/signature-academie/", acts.sign_academy, name="sign_academy"),
    path("isolement/", console.isolation, name="isolation"),
    path("equipe/", console.staff, name="staff"),
    path("equipe/ajouter/", console.add_staff, name="add_staff"),
    path("equipe/<uuid:pk>/", console.staff_member, name="staff_member"),
    path("equipe/<uuid:pk>/code/", console.renew_staff_code, name="renew_staff_code"),
]
