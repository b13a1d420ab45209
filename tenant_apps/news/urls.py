from django.urls import path

from tenant_apps.news.views import flashes, keeping, posts

app_name = "news"
urlpatterns = [
    path("", posts.news, name="news"),
    path("ecrire/", posts.write, name="write"),
    path("fils/", keeping.threads, name="threads"),
    path("fils/<uuid:pk>/", keeping.threads, name="thread"),
    path("flash/", flashes.flashes, name="flashes"),
    path("flash/ecrire/", flashes.write, name="write_flash"),
    path("flash/<uuid:pk>/", flashes.write, name="change_flash"),
    path("a-decider/", keeping.review, name="review"),
    path("a-decider/<uuid:pk>/accord/", keeping.decide, name="decide"),
    path("a-decider/<uuid:pk>/commentaire/", keeping.moderate, name="moderate"),
    path("commentaire/<uuid:pk>/signaler/", posts.report, name="report"),
    path("<uuid:pk>/", posts.post, name="post"),
    path("<uuid:pk>/modifier/", posts.write, name="change"),
    path("<uuid:pk>/publier/", posts.publish, name="publish"),
    path("<uuid:pk>/retirer/", posts.withdraw, name="withdraw"),
    path("<uuid:pk>/supprimer/", posts.delete, name="delete"),
    path("<uuid:pk>/commenter/", posts.comment, name="comment"),
    path("<uuid:pk>/lu/", flashes.read, name="read"),
]
