from django.urls import path

from tenant_apps.year_change.views import board, families

app_name = "year_change"
urlpatterns = [
    path("", board.index, name="index"),
    path("<uuid:pk>/", board.board, name="board"),
    path("<uuid:pk>/deplacer/", board.move, name="move"),
    path("<uuid:pk>/annuler/", board.undo, name="undo"),
    path("<uuid:pk>/completer/", board.complete, name="complete"),
    path("<uuid:pk>/partager/", board.share, name="share"),
    path("<uuid:pk>/publier/", board.publish, name="publish"),
    path("<uuid:pk>/ne-plus-publier/", board.unpublish, name="unpublish"),
    path("<uuid:pk>/imprimer/", board.paper, name="print"),
    path("<uuid:pk>/classes/", board.draft_class, name="add_class"),
    path("<uuid:pk>/classes/<uuid:room>/", board.draft_class, name="change_class"),
    path("<uuid:pk>/classes/<uuid:room>/supprimer/", board.remove_class, name="remove_class"),
    path("classes/", families.classes, name="classes"),
]
