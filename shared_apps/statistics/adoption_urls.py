from django.urls import path

from shared_apps.statistics import adoption_views as views

urlpatterns = [
    path("statistiques/", views.statistics, name="statistics"),
    path("statistiques/circonscriptions/", views.districts, name="districts"),
    path("statistiques/adhesions.<str:form>", views.export, name="export"),
    path("statistiques/presse/", views.press_page, name="press"),
    path("statistiques/presse.pdf", views.press_pdf, name="press_pdf"),
    path("statistiques/presse/<str:code>/", views.press_page, name="press_of"),
    path("statistiques/presse/<str:code>.pdf", views.press_pdf, name="press_pdf_of"),
    path("statistiques/objectif/", views.targets, name="targets"),
    path("donnees-ouvertes/", views.open_page, name="open_data"),
    path("donnees-ouvertes/adhesions.<str:form>", views.open_file, name="open_file"),
]
