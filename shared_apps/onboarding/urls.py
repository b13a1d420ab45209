from django.urls import path

from shared_apps.onboarding.views import acts, case, communes, console, conventions, online, templates

app_name = "onboarding"
urlpatterns = [
    path("communes/", communes.communes, name="communes"),
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
    path("communes/<str:insee>/avenant/", conventions.amend, name="amend"),
    path("conventions/<str:number>/", conventions.convention, name="convention"),
    path("conventions/<str:number>/document.pdf", conventions.pdf, name="document"),
    path("conventions/<str:number>/envoyer/", conventions.invite, name="invite"),
    path("conventions/<str:number>/annuler-envoi/", conventions.revoke, name="revoke"),
    path("conventions/<str:number>/papier/<str:side>/", conventions.record_paper, name="record_paper"),
    path("conventions/<str:number>/signer/", conventions.sign, name="sign"),
    path("conventions/<str:number>/effacer/", conventions.drop, name="drop_amendment"),
    path("modeles/", templates.templates, name="templates"),
    path("modeles/<str:slug>/", templates.write, name="write_template"),
    path("modeles/<str:slug>/<str:version>.pdf", templates.version_pdf, name="template_pdf"),
    path("modeles/<str:slug>/<str:version>/reprendre/", templates.choose, name="choose_template"),
    path("signer/", online.sign_online, name="sign_online"),
    path("signer/document.pdf", online.online_pdf, name="online_pdf"),
    path("isolement/", console.isolation, name="isolation"),
    path("equipe/", console.staff, name="staff"),
    path("equipe/ajouter/", console.add_staff, name="add_staff"),
    path("equipe/<uuid:pk>/", console.staff_member, name="staff_member"),
    path("equipe/<uuid:pk>/code/", console.renew_staff_code, name="renew_staff_code"),
]
