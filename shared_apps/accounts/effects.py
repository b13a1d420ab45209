"""What leaves an account: a mail, a notice. The outbox, which stands above this app, gives its functions."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import registry


def mail(what: str, *, key: str, **facts: Any) -> None:
    """Plan one mail of `mails`, in the current transaction. `facts`: ids, never an address nor a secret."""
    registry.ports["outbox"]("accounts.mail", key=key, payload={"what": what, **facts})


def tell(*, user: Any, kind: str, title: str, path: str, key: str) -> None:
    """On the page of what one was sent, and by mail to who has an address."""
    registry.ports["notify"](user=user, kind=kind, title=title, path=path, key=key)


def told_of_factor(user: Any, factor: Any) -> None:
    """A thief at an open session who adds a factor is seen."""
    tell(
        user=user,
        kind="accounts.second_factor",
        title=_("Une protection vient d’être ajoutée à votre compte. Ce n’est pas vous ? Fermez vos connexions."),
        path=reverse("accounts:account"),
        key=f"factor:{factor.pk}",
    )
