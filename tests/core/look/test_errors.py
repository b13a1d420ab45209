"""An error page says what happened, what is safe and what to do; the last ones need nothing but the file."""

import pytest
from django.template import Context
from django.template.loader import get_template


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("400.html", "Nous n’avons pas compris cette demande."),
        ("403.html", "Vous ne pouvez pas faire cela."),
        ("403_csrf.html", "Cette page est restée ouverte trop longtemps."),
        ("404.html", "Cette page n’existe pas, ou n’est pas pour vous."),
        ("410.html", "Cette page n’est plus disponible."),
        ("500.html", "Nous n’avons pas pu répondre."),
        ("503.html", "Cet espace est en entretien."),
    ],
)
def test_an_error_page_stands_alone(gallery_settings, name, heading):
    shown = get_template(name).template.render(Context())
    assert f"<h1>{heading}</h1>" in shown
    assert "Revenir à l’accueil" in shown or "Réessayer" in shown
    assert name.removesuffix(".html") not in shown
