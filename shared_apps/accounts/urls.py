from django.urls import path

from shared_apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign_in"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("deconnexion/partout/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("activer/", views.activate, name="activate"),
    path("activer/mot-de-passe/", views.choose_password, name="choose_password"),
    path("mon-compte/", views.account, name="account"),
    path("mon-compte/mot-de-passe/", views.change_password, name="change_password"),
    path("mon-compte/adresse/", views.change_address, name="change_address"),
    path("mon-compte/codes-de-secours/", views.recovery_codes, name="recovery_codes"),
    path("mon-compte/appareils/", views.devices, name="devices"),
    path("mon-compte/appareils/<uuid:pk>/fermer/", views.sign_out_device, name="sign_out_device"),
    path("mon-compte/protections/<uuid:pk>/retirer/", views.remove_factor, name="remove_factor"),
    path("charte/", views.charter, name="charter"),
    path("adresse/confirmer/", views.confirm_address, name="confirm_address"),
    path("adresse/annuler/", views.revert_address, name="revert_address"),
    path("oubli/", views.ask, name="forgotten"),
    path("oubli/identifiant/", views.forgotten_identifier, name="forgotten_identifier"),
    path("oubli/mot-de-passe/", views.forgotten_password, name="forgotten_password"),
    path("oubli/nouveau/", views.reset_password, name="reset_password"),
    path("second-facteur/", views.verify, name="verify"),
    path("second-facteur/installer/", views.enrol, name="enrol"),
    path("second-facteur/cle/", views.verify_passkey, name="verify_passkey"),
    path("second-facteur/cle/ajouter/", views.add_passkey, name="add_passkey"),
    path("second-facteur/secours/", views.recover, name="recover"),
]
