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
    path("second-facteur/", views.verify, name="verify"),
    path("second-facteur/installer/", views.enrol, name="enrol"),
    path("second-facteur/secours/", views.recover, name="recover"),
]
