from django.urls import path

from tenant_apps.progress_notebook.views import editions, notebooks, observations

app_name = "progress_notebook"
A_CLASS = "classe/<uuid:pk>"
A_PERIOD = f"{A_CLASS}/<uuid:period>"
A_NOTEBOOK = f"{A_PERIOD}/<uuid:pupil>"
urlpatterns = [
    path("", observations.index, name="index"),
    path("periodes/", notebooks.periods, name="periods"),
    path("periodes/<uuid:pk>/ouvrir-fermer/", notebooks.toggle, name="toggle"),
    path(f"{A_CLASS}/", observations.school_class, name="class"),
    path(f"{A_CLASS}/noter/", observations.observe, name="observe"),
    path(f"{A_CLASS}/montrer/", observations.share_class, name="share_class"),
    path(f"{A_CLASS}/annuler/<uuid:lot>/", observations.undo, name="undo"),
    path(f"{A_PERIOD}/", notebooks.period, name="period"),
    path(f"{A_PERIOD}/valider/", notebooks.validate, name="validate"),
    path(f"{A_PERIOD}/rouvrir/", notebooks.reopen, name="reopen"),
    path(f"{A_PERIOD}/pdf/", notebooks.class_pdf, name="class_pdf"),
    path(f"{A_PERIOD}/signatures/", notebooks.follow, name="follow"),
    path(f"{A_PERIOD}/relancer/", notebooks.remind, name="remind"),
    path(f"{A_NOTEBOOK}/", notebooks.notebook, name="notebook"),
    path(f"{A_NOTEBOOK}/valider/", notebooks.validate_one, name="validate_one"),
    path(f"{A_NOTEBOOK}/rouvrir/", notebooks.reopen_one, name="reopen_one"),
    path(f"{A_NOTEBOOK}/papier/", notebooks.paper, name="paper"),
    path("enfant/<uuid:pk>/", observations.pupil, name="pupil"),
    path("observation/<uuid:pk>/", observations.change, name="change"),
    path("observation/<uuid:pk>/montrer/", observations.share, name="share"),
    path("observation/<uuid:pk>/retirer/", observations.remove, name="remove"),
    path("observation/<uuid:pk>/remettre/", observations.restore, name="restore"),
    path("version/<uuid:pk>/", editions.edition, name="edition"),
    path("version/<uuid:pk>/pdf/", editions.edition_pdf, name="edition_pdf"),
    path("version/<uuid:pk>/signer/", editions.sign, name="sign"),
]
