from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shared_apps.training.forms import TrainingForm
from shared_apps.training.models import Training
from shared_apps.training.services.catalogue import save_training
from shared_apps.training.views.shared import MANAGE, require, tabs


def catalogue(request: HttpRequest) -> HttpResponse:
    require(request, "training.view_sessions")
    rows = Training.objects.visible_to(request.user).annotate(dates=Count("sessions"))
    context = {
        "trainings": rows.order_by("-is_offered", "level", "title", "pk"),
        "tabs": tabs(request, "catalogue"),
        "may_manage": request.user.has_perm(MANAGE),
    }
    return render(request, "training/catalogue.html", context)


def edit(request: HttpRequest, pk: Any = None) -> HttpResponse:
    require(request, MANAGE)
    training = get_object_or_404(Training.objects.visible_to(request.user), pk=pk) if pk else Training()
    form = TrainingForm(request.POST or None, instance=training)
    if request.method == "POST" and form.is_valid():
        save_training(actor=request.user, training=form.instance)
        messages.success(request, _("La formation est au catalogue."))
        return redirect("training:catalogue")
    status = 422 if form.errors else 200
    return render(request, "training/training.html", {"form": form, "is_new": pk is None}, status=status)
