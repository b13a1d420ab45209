"""Two sets: the front door's own host, and the ticket's page on every other host. Mounted only when ENT_DEMO is set."""

from django.urls import path

from provisioning.demo import views

front_door = [
    path("", views.front_door, name="home"),
    path("entrer/<slug:schema>/<slug:key>/", views.enter_as, name="demo_enter"),
    path("courriers/", views.mails, name="demo_mails"),
    path("courriers/<str:key>/", views.mail, name="demo_mail"),
]
ticket = [path("demo/entrer/<str:token>/", views.use_ticket, name="demo_ticket")]
