"""The acts of a wave that a page takes line by line: votes, signatures on paper with their scans, signatures online."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shared_apps.accounts.sessions import VERIFIED_KEY
from shared_apps.files.models import StoredFile
from shared_apps.onboarding import services
from shared_apps.onboarding.models import Case, WaveAct
from shared_apps.onboarding.services import follow_up, waves
from shared_apps.signing import pades
from shared_apps.signing.verification import content_of
from tests.shared_apps.files.samples import PDF
from tests.shared_apps.onboarding import factories, online
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE, days_ago
from tests.shared_apps.onboarding.pages import text, url
from tests.shared_apps.onboarding.test_waves import ALL, states, work

pytestmark = pytest.mark.django_db
State = Case.State
RECTEUR = {"signer_name": "Anne Roussel", "signer_quality": "rectrice", "place": "Montpellier", "has_read": "on"}


@pytest.fixture
def wave(officer):
    return waves.form_wave(actor=officer, name="Automne", insees=ALL)


@pytest.fixture
def post(browser, wave, django_capture_on_commit_callbacks):
    """What the page sends, and what the workers then do."""

    def send(kind: str, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(url("begin_act", wave.pk, kind), fields)

    return send


@pytest.fixture
def online_signed(browser, officer):
    """One town signed online, another on paper."""
    online.sign_as_mayor(browser, factories.deliberated(officer, NARBONNE).convention)
    factories.signed_by_commune(officer, COURSAN)


def case(insee: str) -> Case:
    return Case.objects.with_convention().get(commune_id=insee)


def line(insee: str, **cells: str) -> dict[str, str]:
    return {f"{insee}-{name}": value for name, value in cells.items()}


def signed(insee: str, name: str = "Hélène Castan", day=None) -> dict[str, str]:
    on = (day or days_ago(3)).isoformat()
    return line(insee, signer_name=name, signer_quality="maire", signed_on=on)


def untouched(insee: str) -> dict[str, str]:
    """As the browser sends a line that nobody touched."""
    return line(insee, signer_name="", signer_quality="maire", signed_on="")


def archive(**files: bytes) -> SimpleUploadedFile:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, content in files.items():
            packed.writestr(f"scans/{name.removeprefix('n')}.pdf", content)
        packed.writestr("__MACOSX/scans/._x", b"x")
    return SimpleUploadedFile("scans.zip", data.getvalue())


def scan(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def test_votes_are_recorded_line_by_line_and_the_empty_lines_stay(browser, officer, wave, post):
    for insee in ALL:
        factories.drafted(officer, insee)
    shown = text(browser.get(url("begin_act", wave.pk, "deliberation")))
    assert "Numéro de la délibération, Narbonne" in shown
    post(
        "deliberation",
        **line(NARBONNE, number="2026-118", on=days_ago(5).isoformat()),
        **line(COURSAN, number="12", on=days_ago(9).isoformat()),
        scans=[scan("11262.pdf")],
    )
    assert [case(insee).state for insee in ALL] == [State.DELIBERATED, State.DRAFTED, State.DELIBERATED]
    assert case(COURSAN).convention.deliberation_number == "12"
    assert case(COURSAN).convention.deliberated_on == days_ago(9)
    assert list(follow_up.files_of(case(NARBONNE)).values_list("name", flat=True)) == ["11262.pdf"]
    assert "2 sur 2" in text(browser.get(url("wave_act", WaveAct.objects.get().pk)))


def test_signatures_on_paper_are_recorded_with_the_scans_of_a_zip(officer, wave, post):
    for insee in ALL:
        factories.deliberated(officer, insee)
    post(
        "paper-commune",
        **signed(NARBONNE),
        **signed(LEZIGNAN, "Paul Riu", days_ago(8)),
        **untouched(COURSAN),
        scans=[archive(n11262=PDF, n11203=PDF)],
    )
    assert [case(insee).state for insee in ALL] == [State.SIGNED_BY_COMMUNE, State.SIGNED_BY_COMMUNE, State.DELIBERATED]
    signature = case(LEZIGNAN).convention.commune_signature
    assert (signature.signer_name, signature.signed_on, signature.place) == (
        "Paul Riu",
        days_ago(8),
        "Lézignan-Corbières",
    )
    assert signature.scan.name == "11203.pdf"
    assert signature.recorded_by == officer


def test_the_academy_signs_the_paper_of_those_that_are_ticked(officer, wave, post):
    for insee in (NARBONNE, COURSAN):
        factories.signed_by_commune(officer, insee)
    kind = "paper-academy"
    common = {"signer_name": "Anne Roussel", "signer_quality": "rectrice", "place": "Montpellier"}
    fields = {f"{kind}-{name}": value for name, value in common.items()}
    post(kind, **fields, **{f"{kind}-signed_on": days_ago(1).isoformat()}, **line(NARBONNE, is_taken="on"))
    assert case(NARBONNE).convention.academy_signature.signer_quality == "rectrice"
    assert case(COURSAN).state == State.SIGNED_BY_COMMUNE


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (line(NARBONNE, signer_name="Hélène Castan", signer_quality="maire"), "obligatoire"),
        (signed(NARBONNE, day=timezone.localdate() + timedelta(days=2)), "à venir"),
        ({"scans": [scan("11262.pdf")]}, "obligatoire"),
        ({"scans": [scan("mairie.pdf")]}, "ne commence par le code INSEE"),
        ({"scans": [scan("34172.pdf")]}, "ne commence par le code INSEE"),
        ({"scans": [scan("11262.pdf"), scan("11262-bis.pdf")]}, "Deux fichiers portent le code 11262"),
        ({"scans": [SimpleUploadedFile("11262.pdf", b"<html>")]}, "pas accepté"),
        ({}, "Remplissez au moins une ligne"),
    ],
    ids=["no_day", "future", "scan_alone", "no_code", "of_another", "twice", "not_a_paper", "nothing"],
)
def test_a_wrong_line_is_said_beside_it_and_nothing_is_recorded(officer, wave, post, fields, why):
    factories.deliberated(officer, NARBONNE)
    answer = post("paper-commune", **(untouched(NARBONNE) | fields))
    assert answer.status_code == 422
    assert why in text(answer)
    assert not WaveAct.objects.exists()
    assert not StoredFile.objects.filter(purpose="onboarding.scan").exists()


def test_a_zip_that_claims_little_and_holds_much_is_refused(officer, wave, post, settings):
    factories.deliberated(officer, NARBONNE)
    settings.ENT_FILE_MAX = 1_000
    answer = post("paper-commune", **signed(NARBONNE), scans=[archive(n11262=PDF + b"\0" * 5_000)])
    assert "dépasse" in text(answer)


def test_a_line_recorded_twice_is_recorded_once(officer, wave, post):
    factories.deliberated(officer, NARBONNE)
    post("paper-commune", **signed(NARBONNE))
    act = WaveAct.objects.get()
    again = waves.begin_act(
        actor=officer, wave=wave, kind="paper-commune", params={}, lines={NARBONNE: act.items.get().params}
    )
    waves.run_item(again.items.get().pk)
    assert states(again) == {NARBONNE: "skipped"}
    assert case(NARBONNE).convention.signatures.count() == 1


def test_links_to_sign_leave_for_the_official_addresses_once(officer, wave, post):
    for insee in ALL:
        factories.deliberated(officer, insee)
    for insee in (NARBONNE, COURSAN):
        services.save_official_address(
            actor=officer, case=case(insee), email=f"mairie@{insee}.example", source="annuaire"
        )
    post("invite")
    post("invite")
    assert case(NARBONNE).convention.live_invitation.email == "mairie@11262.example"
    assert [case(insee).convention.invitations.count() for insee in ALL] == [1, 0, 1]
    reasons = dict(WaveAct.objects.latest("created_at").items.values_list("commune_id", "reason"))
    assert "un lien est déjà parti" in reasons[NARBONNE].lower()
    assert "adresse officielle" in reasons[LEZIGNAN]


def test_the_academy_signs_online_for_all_with_a_factor_given_lately(browser, signer, officer, wave, online_signed):
    kind, signs = "sign-academy", url("begin_act", wave.pk, "sign-academy")
    fields = {f"{kind}-{name}": value for name, value in RECTEUR.items()}
    assert browser.post(signs, fields).status_code == 403
    assert signer.post(signs, {**fields, f"{kind}-has_read": ""}).status_code == 422
    answer = signer.post(signs, fields)
    act = WaveAct.objects.get()
    assert answer.url == url("wave_act", act.pk)
    work(act)
    assert states(act) == {NARBONNE: "done", COURSAN: "failed", LEZIGNAN: "failed"}
    assert "sur papier" in act.items.get(commune_id=COURSAN).reason
    sealed = case(NARBONNE).convention.sealed
    assert [s.signer for s in pades.read(content_of(sealed))] == ["Hélène Castan, maire", "Anne Roussel, rectrice"]


@pytest.fixture
def late_signer(signer):
    """The second factor was given eleven minutes ago."""
    session = signer.session
    session[VERIFIED_KEY] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    return signer


def test_a_factor_given_long_ago_is_asked_again_before_a_wave_is_signed(late_signer, wave):
    answer = late_signer.post(url("begin_act", wave.pk, "sign-academy"), {})
    assert answer.url == url("accounts:verify")
    assert not WaveAct.objects.exists()


def test_a_factor_given_long_ago_is_asked_again_before_signing_goes_on(late_signer, officer, wave):
    act = waves.begin_act(actor=officer, wave=wave, kind="sign-academy")
    waves.stop_act(actor=officer, act=act)
    assert late_signer.post(url("resume_wave_act", act.pk)).url == url("accounts:verify")
    act.refresh_from_db()
    assert act.state == WaveAct.State.STOPPED


@pytest.mark.parametrize("kind", ["invite", "sign-academy"])
def test_without_a_seal_nothing_is_proposed_online(browser, wave, settings, kind):
    settings.ENT_SEAL_LOCAL = ""
    assert browser.get(url("begin_act", wave.pk, kind)).status_code == 404
    assert "en ligne" not in text(browser.get(url("wave", wave.pk)))


def test_what_the_commune_signed_online_is_not_recorded_on_paper(signer, wave, online_signed):
    shown = text(signer.get(url("begin_act", wave.pk, "paper-academy")))
    assert f'id="id_{COURSAN}-is_taken" checked' in shown
    assert f"{NARBONNE}-is_taken" not in shown
    assert "Une ligne décochée reste pour plus tard." in shown


def test_the_acts_that_communes_wait_for_come_first(browser, officer, wave):
    factories.drafted(officer, NARBONNE)
    shown = text(browser.get(url("wave", wave.pk)))
    assert shown.index("Enregistrer les délibérations") < shown.index("Commencer les dossiers")
