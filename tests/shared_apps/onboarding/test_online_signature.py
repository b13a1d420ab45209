"""Both sides sign on the platform: a link and a code for the mayor, a fresh second factor for the académie."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from shared_apps.accounts.sessions import VERIFIED_KEY
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import OutboxEntry
from shared_apps.onboarding.models import Case, SigningInvitation
from shared_apps.signing import pades
from shared_apps.signing.verification import content_of
from tests.shared_apps.onboarding import factories, online
from tests.shared_apps.onboarding.online import MAYOR, RECTEUR, act, ask, deliver, fresh, prove, sign_as_mayor, somebody
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention(officer):
    return factories.deliberated(officer).convention


def state(convention) -> str:
    return Case.objects.get(conventions=convention).state


def test_the_mayor_then_the_academy_sign_the_same_file(browser, signer, convention):
    sign_as_mayor(browser, convention)
    assert state(convention) == Case.State.SIGNED_BY_COMMUNE
    first = fresh(convention).sealed
    signer.post(url("sign", convention.number), RECTEUR)
    assert state(convention) == Case.State.SIGNED_BY_BOTH
    before, after = content_of(first), content_of(fresh(convention).sealed)
    assert after.startswith(before)
    found = pades.read(after)
    assert [(s.field, s.signer, s.place, s.is_sound) for s in found] == [
        ("Commune", "Hélène Castan, maire", "Narbonne", True),
        ("Academie", "Anne Roussel, rectrice", "Montpellier", True),
    ]
    assert all(s.signed_at for s in found)


def test_the_pages_show_how_it_was_signed_and_the_digest(browser, signer, convention):
    sign_as_mayor(browser, convention)
    page = text(browser.get(url("convention", convention.number)))
    assert "Hélène Castan, maire" in page
    assert "en ligne" in page
    assert fresh(convention).sealed.sha256 in page
    served = browser.get(url("convention_pdf", factories.NARBONNE)).content
    assert served == content_of(fresh(convention).sealed)


def test_nothing_is_read_nor_signed_before_the_code(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    assert mayor.get(url("online_pdf"), {"cle": token}).status_code == 404
    act(mayor, token, "sign", **MAYOR)
    assert state(convention) == Case.State.DELIBERATED


def test_the_code_of_a_mail_opens_the_text_for_that_browser_only(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    prove(mayor, token)
    assert mayor.get(url("online_pdf"), {"cle": token}).content.startswith(b"%PDF-")
    assert somebody().get(url("online_pdf"), {"cle": token}).status_code == 404


def test_five_wrong_codes_spend_the_right_one(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    act(mayor, token, "send")
    code = online.code_in(deliver())
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _try in range(5):
        assert act(mayor, token, "code", code=wrong).status_code == 422
    assert "Ce code ne sert plus" in text(act(mayor, token, "code", code=code))
    assert mayor.get(url("online_pdf"), {"cle": token}).status_code == 404


def test_a_code_lasts_a_quarter_of_an_hour(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    act(mayor, token, "send")
    code = online.code_in(deliver())
    SigningInvitation.objects.update(code_sent_at=timezone.now() - timedelta(minutes=16))
    assert "Ce code ne sert plus" in text(act(mayor, token, "code", code=code))


def test_a_newer_code_replaces_the_one_before(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    act(mayor, token, "send")
    old = online.code_in(deliver())
    act(mayor, token, "send")
    new = online.code_in(deliver())
    assert old != new
    assert act(mayor, token, "code", code=old).status_code == 422
    assert act(mayor, token, "code", code=new).status_code == 302


def test_codes_are_not_sent_without_end(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    for _sent in range(SigningInvitation.CODES):
        act(mayor, token, "send")
    deliver()
    act(mayor, token, "send")
    assert deliver() == ""


def test_the_link_serves_once(browser, convention):
    token = sign_as_mayor(browser, convention)
    again = somebody()
    answer = again.get(url("sign_online"), {"cle": token})
    assert answer.status_code == 410
    assert "déjà signé" in text(answer)
    assert act(again, token, "sign", **MAYOR).status_code == 410


def test_who_has_signed_takes_their_copy_away(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    prove(mayor, token)
    act(mayor, token, "sign", **MAYOR)
    page = mayor.get(url("sign_online"), {"cle": token})
    assert "C’est signé" in text(page)
    assert mayor.get(url("online_pdf"), {"cle": token}).content == content_of(fresh(convention).sealed)


def test_a_link_expires(browser, convention):
    token = ask(browser, convention)
    SigningInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert somebody().get(url("sign_online"), {"cle": token}).status_code == 410


def test_a_link_may_be_taken_back(browser, convention):
    token = ask(browser, convention)
    browser.post(url("revoke", convention.number))
    assert somebody().get(url("sign_online"), {"cle": token}).status_code == 410


def test_another_link_replaces_the_first(browser, convention):
    first = ask(browser, convention, "faute@example.org")
    second = ask(browser, convention)
    assert somebody().get(url("sign_online"), {"cle": first}).status_code == 410
    assert somebody().get(url("sign_online"), {"cle": second}).status_code == 200


@pytest.mark.parametrize("token", ["", "faux", "a:b:c"], ids=["none", "word", "shape"])
def test_a_made_up_link_opens_nothing(reference, token):
    assert somebody().get(url("sign_online"), {"cle": token}).status_code == 410


def test_it_is_not_sent_before_the_vote(browser, officer):
    convention = factories.drafted(officer).convention
    answer = browser.post(url("invite", convention.number), {"email": online.TOWN})
    assert "délibéré" in text(answer)
    assert not SigningInvitation.objects.exists()


def test_a_signature_on_paper_ends_the_link(browser, convention):
    token = ask(browser, convention)
    browser.post(url("record_paper", convention.number, "commune"), factories.signature())
    assert state(convention) == Case.State.SIGNED_BY_COMMUNE
    assert somebody().get(url("sign_online"), {"cle": token}).status_code == 410


def test_what_was_signed_online_is_not_finished_on_paper(browser, convention):
    sign_as_mayor(browser, convention)
    answer = browser.post(url("record_paper", convention.number, "academie"), factories.signature())
    assert answer.status_code == 422
    assert "signe en ligne" in text(answer)


def test_the_academy_does_not_sign_before_the_commune(signer, convention):
    answer = signer.post(url("sign", convention.number), RECTEUR)
    assert answer.status_code == 422
    assert "La commune signe d’abord" in text(answer)


def test_the_academy_does_not_sign_online_what_was_signed_on_paper(browser, signer, convention):
    browser.post(url("record_paper", convention.number, "commune"), factories.signature())
    assert "signé sur papier" in text(signer.post(url("sign", convention.number), RECTEUR))


def test_a_deployment_officer_does_not_sign_for_the_academy(browser, convention):
    sign_as_mayor(browser, convention)
    assert browser.post(url("sign", convention.number), RECTEUR).status_code == 403


def test_a_second_factor_given_long_ago_is_asked_again(browser, signer, convention):
    sign_as_mayor(browser, convention)
    session = signer.session
    session[VERIFIED_KEY] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    answer = signer.post(url("sign", convention.number), RECTEUR)
    assert answer.status_code == 422
    assert state(convention) == Case.State.SIGNED_BY_COMMUNE
    asked = signer.post(url("sign", convention.number), {"act": "again"})
    assert asked["Location"] == url("accounts:verify")
    assert signer.get(url("convention", convention.number))["Location"] == url("accounts:verify")


def test_a_clock_that_does_not_answer_leaves_nothing_signed(browser, convention, monkeypatch):
    token, mayor = ask(browser, convention), somebody()
    prove(mayor, token)

    def down(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr(pades, "sign", down)
    answer = act(mayor, token, "sign", **MAYOR)
    assert answer.status_code == 422
    assert "Rien n’est signé" in text(answer)
    assert fresh(convention).sealed is None
    monkeypatch.undo()
    assert act(mayor, token, "sign", **MAYOR).status_code == 302


def test_without_a_seal_conventions_are_signed_on_paper(browser, convention, settings):
    settings.ENT_SEAL_LOCAL = None
    assert "sur papier" in text(browser.post(url("invite", convention.number), {"email": online.TOWN}))
    assert url("invite", convention.number) not in browser.get(url("convention", convention.number)).content.decode()


def test_neither_link_nor_code_nor_address_is_kept_on_the_way(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    act(mayor, token, "send")
    code = online.code_in(deliver())
    kept = str(list(OutboxEntry.objects.values_list("payload", "key"))) + str(list(Entry.objects.values_list("facts")))
    assert token not in kept
    assert code not in kept
    assert online.TOWN not in kept


def test_the_mails_go_to_the_official_address_only(browser, convention):
    token, mayor = ask(browser, convention), somebody()
    assert [m.to for m in mail.outbox] == [[online.TOWN]]
    act(mayor, token, "send")
    deliver()
    assert [m.to for m in mail.outbox] == [[online.TOWN]]


def test_a_scan_is_kept_with_its_digest(browser, convention):
    from hashlib import sha256

    from django.core.files.uploadedfile import SimpleUploadedFile

    data = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"
    scan = SimpleUploadedFile("signe.pdf", data, "application/pdf")
    browser.post(url("sign_commune", factories.NARBONNE), factories.signature(scan=scan))
    page = text(browser.get(url("convention", convention.number)))
    assert sha256(data).hexdigest() in page
    assert not fresh(convention).commune_signature.is_electronic
