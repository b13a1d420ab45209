from django.urls import path

from tenant_apps.homework import views

app_name = "homework"
urlpatterns = [
    path("", views.home, name="home"),
    path("classe/<uuid:pk>/", views.week, name="week"),
    path("classe/<uuid:pk>/ecrire/", views.write, name="write"),
    path("classe/<uuid:pk>/viser/", views.visa, name="visa"),
    path("classe/<uuid:pk>/archive/", views.archive, name="archive"),
    path("groupe/<uuid:group>/", views.week, name="group_week"),
    path("groupe/<uuid:group>/ecrire/", views.write, name="group_write"),
    path("groupe/<uuid:group>/viser/", views.visa, name="group_visa"),
    path("groupe/<uuid:group>/archive/", views.archive, name="group_archive"),
    path("<uuid:pk>/", views.homework, name="homework"),
    path("<uuid:pk>/modifier/", views.change, name="change"),
    path("<uuid:pk>/retirer/", views.remove, name="remove"),
    path("<uuid:pk>/remettre/", views.restore, name="restore"),
    path("<uuid:pk>/suivi/", views.follow, name="follow"),
    path("<uuid:pk>/mot/<uuid:pupil>/", views.word, name="word"),
    path("<uuid:pk>/fait/", views.tick, name="tick"),
    path("<uuid:pk>/rendre/", views.hand_in, name="hand_in"),
]
