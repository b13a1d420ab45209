"""The charter: read and accepted once for each version; to be read again at any time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shared_apps.accounts import charter as rules
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.forms import CharterForm
from shared_apps.accounts.sessions import mark_accepted

TEXTS = {
    "pupil": "accounts/charter/pupil.html",
    "family": "accounts/charter/family.html",
    "staff": "accounts/charter/staff.html",
}


def charter(request: HttpRequest) -> HttpResponse:
    facts = facts_of(request.user)
    is_due = rules.is_due(request.user, facts)
    form = CharterForm(request.POST or None, is_pupil=facts.is_pupil)
    if request.method == "POST" and form.is_valid():
        if is_due:
            rules.accept(actor=request.user, facts=facts)
        mark_accepted(request)
        return redirect("home")
    context = {
        "form": form,
        "is_due": is_due,
        "was_accepted": bool(request.user.charter_version),
        "is_pupil": facts.is_pupil,
        "text": TEXTS[rules.audience(facts)],
    }
    return render(request, "accounts/charter.html", context, status=422 if form.errors else 200)
