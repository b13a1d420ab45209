"""Linking two accounts: what it takes, and what is not enough."""

import pytest
import time_machine
from django.utils import timezone

from core import registry
from core.tenancy import in_public, in_schema
from shared_apps.accounts import services as accounts
from shared_apps.audit.models import Entry
from shared_apps.notifications import outbox
from tenant_apps.links.models import AccountLink
from tenant_apps.people.models import Guardianship
from tests.tenant_apps.links.browser import Device
from tests.tenant_apps.links.conftest import BASE, HERE, LEZIGNAN, NARBONNE, THERE, link_both, propose


def rows(schema):
    with in_schema(schema):
        return list(AccountLink.objects.order_by("created_at"))


def joined(schema):
    with in_schema(schema):
        return list(AccountLink.objects.joined().select_related("user"))


def is_linked(schema):
    return any(link.is_awake for link in joined(schema))


def test_a_guardian_proves_both_accounts_and_each_commune_keeps_its_half(family, linked):
    [here], [there] = rows(HERE), rows(THERE)
    assert (here.user_id, here.other) == (family.sophie(HERE).pk, THERE)
    assert (there.user_id, there.other) == (family.sophie(THERE).pk, HERE)
    assert here.pair == there.pair
    assert is_linked(HERE)
    assert is_linked(THERE)
    for schema in (HERE, THERE):
        with in_schema(schema):
            assert Entry.objects.filter(action="links.completed").count() == 1


def test_nothing_is_linked_before_both_have_said_yes(device):
    device.get(propose(device))
    assert not is_linked(HERE)
    assert not is_linked(THERE)
    device.post(device.url)
    assert not is_linked(HERE)
    assert not is_linked(THERE)


def test_a_proposal_that_somebody_else_is_led_to_accept_links_nothing(family, device):
    """The thief begins at Narbonne and sends the address to a parent of Lézignan, who says yes."""
    thief = Device()
    thief.sign_in(NARBONNE, family.rooms[HERE].guardians["Laure"])
    trap = propose(thief)
    device.get(trap)
    page = device.post(trap)
    assert page.status_code == 200  # Sophie's own session at Narbonne reads the answer
    assert device.post(device.url).status_code == 410
    assert not is_linked(HERE)
    assert not is_linked(THERE)


def test_the_answer_of_a_victim_brought_to_the_thief_does_not_open_the_victims_account(family, device):
    thief = Device()
    thief.sign_in(NARBONNE, family.rooms[HERE].guardians["Laure"])
    trap = propose(thief)
    device.get(trap)
    device.post(trap)
    leaked = device.url
    assert thief.get(leaked).status_code == 200
    page = thief.post(leaked)
    # The last act asks the session of Lézignan that said yes: the thief has none.
    assert page.templates[0].name == "accounts/sign_in.html"
    assert not is_linked(THERE)


def test_a_proposal_is_answered_once(family, device):
    url = propose(device)
    device.get(url)
    device.post(url)
    other = Device()
    other.sign_in(LEZIGNAN, family.rooms[THERE].guardians["Laure"])
    assert other.post(url).status_code == 410
    assert len(rows(THERE)) == 1


def test_a_proposal_lasts_ten_minutes(device):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        url = propose(device)
        clock.shift(601)
        assert device.get(url).status_code == 410
        assert device.post(url).status_code == 410
    assert rows(THERE) == []


def test_a_letter_is_read_by_its_addressee_alone(device):
    letter = propose(device).partition("?lettre=")[2]
    assert device.get(f"{BASE[NARBONNE]}/communes-liees/demande/?lettre={letter}").status_code == 410
    assert device.get(f"{BASE[LEZIGNAN]}/communes-liees/retour/?lettre={letter}").status_code == 410
    assert device.get(f"{BASE[LEZIGNAN]}/communes-liees/demande/?lettre={letter}x").status_code == 410


def test_two_tabs_make_one_link(device):
    first, second = propose(device), propose(device)
    for url in (second, first):
        device.get(url)
        device.post(url)
        device.post(device.url)
    for schema in (HERE, THERE):
        with in_schema(schema):
            assert AccountLink.objects.joined().count() == 1
    [here], [there] = joined(HERE), joined(THERE)
    assert here.pair == there.pair


def test_an_account_already_linked_is_told_so(linked):
    page = linked.post(f"{BASE[NARBONNE]}/communes-liees/", {"commune": THERE})
    assert page.status_code == 422
    assert "déjà relié" in page.content.decode()


def test_who_answers_for_no_child_links_nothing(family):
    device = Device()
    device.sign_in(NARBONNE, family.rooms[HERE].teacher)
    assert device.get(f"{BASE[NARBONNE]}/communes-liees/").status_code == 403
    assert device.post(f"{BASE[NARBONNE]}/communes-liees/", {"commune": THERE}).status_code == 403


def test_the_other_commune_is_one_that_is_open(device):
    for wrong in ("", HERE, "public", "c_99999", 'c_1";DROP'):
        page = device.post(f"{BASE[NARBONNE]}/communes-liees/", {"commune": wrong})
        assert page.status_code == 422, wrong


def test_a_link_untied_on_one_side_ends_on_the_other(linked, django_capture_on_commit_callbacks):
    [here] = rows(HERE)
    with django_capture_on_commit_callbacks(execute=True):
        linked.post(f"{BASE[NARBONNE]}/communes-liees/{here.pk}/fin/")
    with in_schema(HERE):
        outbox.deliver_due()
    [here], [there] = rows(HERE), rows(THERE)
    assert (here.ended, there.ended) == ("here", "there")
    with in_schema(THERE):
        assert Entry.objects.filter(action="links.revoked").count() == 1


def test_one_unties_ones_own_links_only(family, linked):
    [here] = rows(HERE)
    other = Device()
    other.sign_in(NARBONNE, family.rooms[HERE].guardians["Laure"])
    assert other.post(f"{BASE[NARBONNE]}/communes-liees/{here.pk}/fin/").status_code == 404
    assert is_linked(HERE)


def test_a_link_untied_can_be_made_again(linked):
    [here] = rows(HERE)
    linked.post(f"{BASE[NARBONNE]}/communes-liees/{here.pk}/fin/")
    with in_schema(HERE):
        outbox.deliver_due()
    link_both(linked)
    assert is_linked(HERE)
    assert is_linked(THERE)


def renewed_by_the_school(user):
    accounts.renew_code(actor=None, user=user)


def reset_by_mail(user):
    user.set_password("une phrase que la direction connaît")
    user.save()


@pytest.mark.parametrize("taken_over", [renewed_by_the_school, reset_by_mail])
def test_a_password_given_anew_here_opens_nothing_there(family, linked, taken_over):
    """Whoever gives the code, or holds the mail box, may hold the account: not that of the other commune with it."""
    with in_schema(HERE):
        taken_over(family.sophie(HERE))
        family.sophie(HERE).refresh_from_db()
    thief = Device()
    thief.sign_in(NARBONNE, family.sophie(HERE))
    assert "data-elsewhere" not in thief.get(f"{BASE[NARBONNE]}/").content.decode()
    assert thief.get(f"{BASE[LEZIGNAN]}/passage/?depuis={HERE}").status_code == 410
    assert "En sommeil" in thief.get(f"{BASE[NARBONNE]}/communes-liees/").content.decode()


def test_a_link_that_sleeps_is_made_again_by_proving_both(family, linked):
    with in_schema(HERE):
        reset_by_mail(family.sophie(HERE))
    linked.sign_in(NARBONNE, family.sophie(HERE))
    link_both(linked)
    assert is_linked(HERE)
    assert joined(HERE)[0].pair == joined(THERE)[0].pair


def test_the_academy_keeps_nothing_of_a_link(family, linked):
    with in_schema(HERE):
        outbox.deliver_due()
    found = written_in_public(str(rows(HERE)[0].pair), str(family.sophie(HERE).pk), str(family.sophie(THERE).pk))
    assert found == []


def written_in_public(*secrets):
    """Tables of the academy where one of these texts is found."""
    from django.db import connection

    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            for secret in secrets:
                cursor.execute(f'SELECT 1 FROM "{name}" AS t WHERE t::text LIKE %s LIMIT 1', [f"%{secret}%"])
                found += [(name, secret)] if cursor.fetchone() else []
    return found


def test_a_guardian_who_left_links_nothing(family, device):
    url = propose(device)
    with in_schema(THERE):
        Guardianship.objects.filter(guardian__account=family.sophie(THERE)).update(ended_on=timezone.localdate())
    assert device.get(url).status_code == 403


def test_my_data_tell_the_link_and_nothing_of_the_other_account(family, linked):
    with in_schema(HERE):
        told = registry.personal_data["links"](family.sophie(HERE).person.pk)
    [row] = told["comptes_relies"]
    assert row["other"] == THERE
    assert str(family.sophie(THERE).pk) not in str(told)
