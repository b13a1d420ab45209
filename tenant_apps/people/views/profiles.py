"""Parent of one child and teacher of another: one account, a visible switch."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from tenant_apps.people.middleware import SESSION_KEY
from tenant_apps.people.profiles import WORDS, standing_of


def profiles(request: Any) -> HttpResponse:
    if request.method == "POST":
        chosen = request.POST.get("profile", "")
        if chosen in request.profiles:
            request.session[SESSION_KEY] = chosen
        return redirect("home")
    schools = standing_of(request.user).schools
    choices = [
        {"value": name, "label": WORDS[name], "detail": ", ".join(schools.get(name, []))} for name in request.profiles
    ]
    return render(request, "people/profiles.html", {"choices": choices})
