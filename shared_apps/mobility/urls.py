from django.urls import path

from shared_apps.mobility import views

app_name = "mobility"
urlpatterns = [
    path("itinerants/", views.moving_staff, name="moving_staff"),
    path("itinerants/ajouter/", views.add, name="add"),
    path("itinerants/<uuid:pk>/", views.member, name="member"),
    path("itinerants/<uuid:pk>/affecter/", views.post, name="post"),
    path("affectations/<uuid:pk>/", views.change, name="change"),
    path("affectations/<uuid:pk>/fin/", views.end, name="end"),
    path("mes-communes/", views.my_communes, name="my_communes"),
    path("passage/vers/", views.towards, name="towards"),
]
