from django.urls import path

from tenant_apps.imports.views import departures, plans, reports

app_name = "imports"
urlpatterns = [
    path("", plans.imports, name="imports"),
    path("modele-agents.<slug:form>", plans.template, name="template"),
    path("departs/", departures.departures, name="departures"),
    path("departs/<uuid:pk>/annuler/", departures.undo, name="undo_departure"),
    path("<uuid:pk>/", plans.review, name="review"),
    path("<uuid:pk>/avancement/", plans.progress, name="progress"),
    path("<uuid:pk>/decider/<uuid:line>/", plans.decide, name="decide"),
    path("<uuid:pk>/departs/", departures.mark, name="mark_departures"),
    path("<uuid:pk>/appliquer/", plans.apply, name="apply"),
    path("<uuid:pk>/annuler/", plans.cancel, name="cancel"),
    path("<uuid:pk>/compte-rendu/", reports.report, name="report"),
    path("<uuid:pk>/compte-rendu.csv", reports.report_file, name="report_file"),
]
