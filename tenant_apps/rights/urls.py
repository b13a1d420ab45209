from django.urls import path

from tenant_apps.rights import views, why

app_name = "rights"
urlpatterns = [
    path("", views.schools, name="schools"),
    path("pourquoi/", why.why, name="why"),
    path("<uuid:school_pk>/", views.matrix, name="matrix"),
    path("<uuid:school_pk>/retablir/", views.restore, name="restore"),
    path("<uuid:school_pk>/annuler/<uuid:entry>/", views.undo, name="undo"),
    path("<uuid:school_pk>/<str:sender>/", views.sender, name="sender"),
]
