"""Codes that leave together: printed or mailed, in order, and revoked at once."""

import pytest
from django.test import Client

from shared_apps.accounts.codes import code_of
from shared_apps.accounts.models import CodeLot, User
from shared_apps.audit.models import Entry
from tenant_apps.people import services, sheets
from tests.support.sign_in import sign_in
from tests.tenant_apps.people.factories import add_guardian, add_pupil

HOST = "narbonne.localhost"


@pytest.fixture
def waiting(made):
    """Nadia (who has an address), Omar (who has none) and the child Léa have not come in yet."""
    for name in ("Nadia", "Omar"):
        add_guardian(made, name, "Ferrer", ("Inès",), activated=False)
    User.objects.filter(first_name="Nadia").update(email="nadia@exemple.fr")
    add_pupil(made, "Léa", "Sicre", "CM1", activated=False)
    made.people["Nadia"].refresh_from_db()
    return made


@pytest.fixture
def martine(waiting):
    browser = Client(headers={"host": HOST})
    sign_in(browser, HOST, waiting.user("Martine"))
    return browser


@pytest.fixture
def page(waiting):
    return f"/ecole/{waiting.schools['Lakanal'].pk}/fiches/"


def printed(made, group=sheets.ALL, **options) -> list[str]:
    found = services.print_sheets(actor=made.user("Martine"), school=made.schools["Lakanal"], group=group, **options)
    return [sheet.name for sheet in found]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("classe", ["Nadia Ferrer", "Omar Ferrer", "Léa Sicre"]),
        ("nom", ["Nadia Ferrer", "Omar Ferrer", "Léa Sicre"]),
        ("profil", ["Nadia Ferrer", "Omar Ferrer", "Adam Alary", "Léa Sicre"]),
    ],
)
def test_everybody_comes_out_in_the_order_asked_for(waiting, order, names):
    if order == "profil":
        add_pupil(waiting, "Adam", "Alary", "CE2", activated=False)
    assert printed(waiting, order=order) == names


def test_by_name_crosses_the_classes(waiting):
    add_pupil(waiting, "Adam", "Alary", "CM1", activated=False)
    assert printed(waiting, order="nom")[0] == "Adam Alary"
    assert printed(waiting, order="classe")[-2:] == ["Adam Alary", "Léa Sicre"]


def test_those_whom_no_mail_reaches_are_printed_alone(waiting):
    assert printed(waiting, "responsables", without_address=True) == ["Omar Ferrer"]


def test_the_page_counts_those_without_an_address(martine, page):
    assert "2 fiches à remettre, sur 4 personnes · 1 sans adresse" in martine.get(page).text


def test_codes_are_mailed_to_who_has_an_address_and_the_others_are_counted(
    waiting, martine, page, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        told = martine.post(f"{page}courriels/", {"qui": "responsables"}, follow=True).text
    assert "1 courriel part." in told and "1 personne n’a pas d’adresse" in told
    assert [mail.to for mail in mailoutbox] == [["nadia@exemple.fr"]]
    assert code_of(waiting.user("Nadia")) in mailoutbox[0].body
    assert CodeLot.objects.get().way == "mail"


def test_a_code_revoked_before_the_mail_leaves_is_not_sent(waiting, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.send_codes(actor=waiting.user("Martine"), school=waiting.schools["Lakanal"], group="responsables")
        services.revoke_lot(actor=waiting.user("Martine"), lot=CodeLot.objects.get())
    assert mailoutbox == []


def test_a_lost_pile_is_revoked_at_once_and_the_next_sheets_bear_other_codes(waiting, martine, page):
    martine.post(f"{page[:-1]}.pdf", {"qui": "responsables"})
    lot = CodeLot.objects.get()
    assert lot.title == "Toute l’école · Responsables"
    before = code_of(waiting.user("Nadia"))
    confirm = martine.get(f"{page}lots/{lot.pk}/revoquer/").text
    assert "<strong>2 codes</strong>" in confirm
    assert "2 codes n’ouvrent plus rien." in martine.post(f"{page}lots/{lot.pk}/revoquer/", follow=True).text
    browser = Client(headers={"host": HOST})
    assert browser.post("/activer/", {"code": before}).status_code == 422
    assert Entry.objects.get(action="accounts.codes_revoked").facts == {"accounts": 2}
    printed(waiting, "responsables")
    user = User.objects.get(first_name="Nadia")
    assert code_of(user) != before
    assert browser.post("/activer/", {"code": code_of(user)}).status_code == 302


def test_revoking_leaves_alone_who_came_in_and_who_got_another_code_since(waiting):
    printed(waiting, "responsables")
    lot = CodeLot.objects.get()
    renewed = services.renew_code(actor=waiting.user("Martine"), person=waiting.people["Omar"])
    User.objects.filter(first_name="Nadia").update(activated_at="2026-01-01T00:00Z")
    assert services.revoke_lot(actor=waiting.user("Martine"), lot=lot) == 0
    assert code_of(User.objects.get(first_name="Omar")) == renewed


def test_a_lot_is_revoked_once_and_by_its_school_alone(waiting, martine, page):
    printed(waiting, "responsables")
    lot = CodeLot.objects.get()
    solange = Client(headers={"host": HOST})
    sign_in(solange, HOST, waiting.user("Solange"))
    arago = f"/ecole/{waiting.schools['Arago'].pk}/fiches/lots/{lot.pk}/revoquer/"
    assert solange.post(arago).status_code == 404
    martine.post(f"{page}lots/{lot.pk}/revoquer/")
    assert "déjà révoqué" in martine.post(f"{page}lots/{lot.pk}/revoquer/", follow=True).text


def test_the_page_costs_the_same_whatever_the_number_of_lots(waiting, martine, page, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    printed(waiting)
    with CaptureQueriesContext(connection) as few:
        martine.get(page)
    for _turn in range(4):
        printed(waiting)
    with django_assert_max_num_queries(len(few)):
        martine.get(page)
