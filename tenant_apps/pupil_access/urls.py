from django.urls import path

from tenant_apps.pupil_access.views import children, classes, pupils

app_name = "pupil_access"
urlpatterns = [
    path("entrer/", children.door, name="door"),
    path("entrer/classe/<str:code>/", children.board_code, name="board_code"),
    path("entrer/carte/<str:code>/", children.card, name="card"),
    path("entrer/ma-classe/", children.faces, name="faces"),
    path("entrer/images/", children.pictures, name="pictures"),
    path("entrer/oubli/", children.forgotten, name="forgotten"),
    path("entrer/fini/", children.finish, name="finish"),
    path("acces/", classes.classes, name="classes"),
    path("acces/classes/<uuid:pk>/", classes.school_class, name="class"),
    path("acces/classes/<uuid:pk>/ouvrir/", classes.open_class, name="open"),
    path("acces/classes/<uuid:pk>/fermer/", classes.close_class, name="close"),
    path("acces/classes/<uuid:pk>/tableau/", classes.board, name="board"),
    path("acces/classes/<uuid:pk>/facon/", classes.choose_way, name="choose_way"),
    path("acces/classes/<uuid:pk>/renouveler/", classes.renew_class, name="renew_class"),
    path("acces/classes/<uuid:pk>/imprimer/", classes.print_class, name="print_class"),
    path("acces/eleves/<uuid:pk>/", pupils.pupil, name="pupil"),
    path("acces/eleves/<uuid:pk>/aider/", pupils.answer_help, name="answer_help"),
    path("acces/eleves/<uuid:pk>/renouveler/", pupils.renew, name="renew_pupil"),
    path("acces/eleves/<uuid:pk>/imprimer/", pupils.print_pupil, name="print_pupil"),
]
