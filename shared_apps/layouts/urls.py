from django.urls import path

from shared_apps.layouts import views

app_name = "layouts"
urlpatterns = [
    path("", views.layouts, name="layouts"),
    path("<slug:kind>/", views.layout, name="layout"),
    path("<slug:kind>/<int:number>/", views.version, name="version"),
    path("<slug:kind>/<int:number>/modifier/", views.edit, name="edit"),
    path("<slug:kind>/<int:number>/publier/", views.publish, name="publish"),
]
