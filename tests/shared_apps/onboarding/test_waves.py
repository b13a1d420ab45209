"""Waves: formed, acted upon row by row, stopped, resumed; lists of communes read, reviewed, applied."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.errors import DomainError
from shared_apps.onboarding import wave_acts
from shared_apps.onboarding.models import Case, CaseContact, CommuneList, Wave, WaveAct, WaveItem
from shared_apps.onboarding.services import waves
from shared_apps.reference.models import RefCommune
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
ALL = [NARBONNE, LEZIGNAN, COURSAN]


@pytest.fixture
def wave(officer):
    return waves.form_wave(actor=officer, name="Automne", insees=ALL)


def states(act: WaveAct) -> dict[str, str]:
    return dict(act.items.values_list("commune_id", "state"))


def begin(officer, wave: Wave, kind: str, params=None) -> WaveAct:
    """Asked for, its rows not done yet: the messages leave with the commit."""
    return waves.begin_act(actor=officer, wave=wave, kind=kind, params=params)


def work(act: WaveAct) -> None:
    for pk in act.items.values_list("pk", flat=True):
        waves.run_item(pk)
    act.refresh_from_db()


def test_an_officer_forms_a_wave_by_a_filter_and_starts_its_cases(browser, officer, django_capture_on_commit_callbacks):
    shown = text(browser.get(url("new_wave"), {"departement": "11"}))
    assert "Narbonne" in shown
    browser.post(url("new_wave"), {"name": "Automne", "communes": ALL})
    wave = Wave.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(url("begin_act", wave.pk, "start"))
    assert answer.url == url("wave_act", WaveAct.objects.get().pk)
    assert set(Case.objects.values_list("commune_id", flat=True)) == set(ALL)
    assert "Terminé : 3 sur 3" in text(browser.get(answer.url))


def test_what_is_done_already_is_skipped_and_what_is_refused_says_why(browser, officer, wave):
    factories.started(officer, NARBONNE)
    factories.drafted(officer, COURSAN)
    act = begin(officer, wave, "contacted", {"on": timezone.localdate().isoformat(), "title": "réunion"})
    work(act)
    assert states(act) == {NARBONNE: "done", COURSAN: "skipped", LEZIGNAN: "failed"}
    assert "Pas encore de dossier" in text(browser.get(url("wave_act", act.pk)))
    assert act.state == WaveAct.State.DONE


def test_resuming_takes_up_what_was_refused_and_does_nothing_twice(officer, wave):
    factories.started(officer, NARBONNE)
    params = {"title": "Inviter", "due_on": (timezone.localdate() + timedelta(days=5)).isoformat()}
    act = begin(officer, wave, "due", params)
    work(act)
    factories.started(officer, COURSAN)
    waves.resume_act(actor=officer, act=act)
    work(act)
    assert states(act) == {NARBONNE: "done", COURSAN: "done", LEZIGNAN: "failed"}
    assert Case.objects.get(commune_id=NARBONNE).tasks.filter(title="Inviter").count() == 1


def test_a_stopped_act_leaves_the_rest_until_it_is_resumed(browser, officer, wave):
    act = begin(officer, wave, "start")
    waves.run_item(act.items.first().pk)
    browser.post(url("stop_wave_act", act.pk))
    work(act)
    assert sorted(states(act).values()) == ["done", "waiting", "waiting"]
    assert "Arrêté à 1 sur 3" in text(browser.get(url("wave_act", act.pk)))
    waves.resume_act(actor=officer, act=act)
    work(act)
    assert set(states(act).values()) == {"done"}


def test_one_act_at_a_time_on_a_wave(officer, wave):
    begin(officer, wave, "start")
    with pytest.raises(DomainError, match="déjà en cours"):
        begin(officer, wave, "start")


def test_a_lost_row_is_asked_for_again(officer, wave):
    act = begin(officer, wave, "start")
    WaveAct.objects.filter(pk=act.pk).update(updated_at=timezone.now() - timedelta(minutes=1))
    assert waves.sweep() == 3
    assert set(states(act).values()) == {"done"}
    assert waves.sweep() == 0


def test_a_technical_error_is_a_failed_row_and_the_others_go_on(officer, wave, monkeypatch):
    kind = wave_acts.kinds["start"]
    broken = wave_acts.WaveActKind("start", kind.label, kind.help, _break_narbonne(kind.do))
    monkeypatch.setitem(wave_acts.kinds._items, "start", broken)
    act = begin(officer, wave, "start")
    work(act)
    assert states(act) == {NARBONNE: "failed", COURSAN: "done", LEZIGNAN: "done"}
    assert "ZeroDivisionError" in act.items.get(commune_id=NARBONNE).reason


def _break_narbonne(do):
    def act(actor, insee, params):
        do(actor, insee, params)
        if insee == NARBONNE:
            raise ZeroDivisionError

    return act


def test_the_opening_of_a_wave_refuses_the_unsigned_in_words(officer, wave):
    factories.drafted(officer, COURSAN)
    act = begin(officer, wave, "open")
    waves.run_item(act.items.get(commune_id=COURSAN).pk)
    item = act.items.get(commune_id=COURSAN)
    assert item.state == WaveItem.State.FAILED
    assert "n’est signée par personne" in item.reason


# --- lists


def give(browser, content: str, name: str = "") -> CommuneList:
    upload = SimpleUploadedFile("liste.csv", content.encode())
    assert browser.post(url("give_list"), {"upload": upload, "name": name}).status_code == 302
    return CommuneList.objects.latest("created_at")


GOOD = """Code INSEE;Nom;Département;Prénom du maire;Nom du maire;Adresse officielle;Prénom du contact;Nom du contact
11262;Narbonne;;Hélène;Castan;mairie@narbonne.example;Élodie;Roca
;Coursan;11;;;;;
"""


def test_a_list_is_reviewed_then_applied_as_a_wave(browser, officer):
    given = give(browser, GOOD, "Printemps")
    assert "2 lignes seront appliquées" in text(browser.get(url("list", given.pk)))
    assert not Case.objects.exists()
    browser.post(url("list", given.pk))
    assert set(Wave.objects.get(name="Printemps").communes.values_list("insee", flat=True)) == {NARBONNE, COURSAN}
    case = Case.objects.get(commune_id=NARBONNE)
    assert case.official_address.email == "mairie@narbonne.example"
    assert set(case.contacts.values_list("role", flat=True)) == {"mayor", "school_service"}
    browser.post(url("list", given.pk))
    assert CaseContact.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("99999;;;;;;;", "n’est pas dans l’académie"),
        ("11262;Coursan;;;;;;", "est celui de Narbonne"),
        (";Nulle-Part;11;;;;;", "Aucune commune"),
        (";Narbonne;;;;;;", "Sans code INSEE"),
        ("11262;;;;;pas une adresse;;", "n’est pas une adresse électronique"),
        ("11262;;;Hélène;;;;", "prénom ou le nom"),
        ("11002;;;;;;;", "pas d’école publique"),
        ("11106;;;;;;;\n11106;;;;;;;", "déjà à la ligne 2"),
    ],
    ids=["unknown", "other_name", "no_such_name", "no_department", "email", "half_name", "no_school", "twice"],
)
def test_a_wrong_line_is_left_with_its_reason(browser, officer, row, why):
    given = give(browser, GOOD.splitlines()[0] + "\n" + row + "\n")
    assert why in text(browser.get(url("list", given.pk)))


def test_a_spreadsheet_is_read_and_a_lost_zero_is_found_again(browser, officer):
    import io

    from openpyxl import Workbook

    book, data = Workbook(), io.BytesIO()
    book.active.append(["Code INSEE", "Adresse officielle"])
    book.active.append([11262, "mairie@narbonne.example"])
    book.save(data)
    upload = SimpleUploadedFile("liste.xlsx", data.getvalue())
    browser.post(url("give_list"), {"upload": upload})
    assert "1 ligne sera appliquée" in text(browser.get(url("list", CommuneList.objects.get().pk)))


def test_a_file_that_is_no_list_says_so(browser, officer):
    given = give(browser, "bonjour;monde\n1;2\n")
    assert "La première ligne doit porter" in text(browser.get(url("list", given.pk)))


def test_a_wave_of_nobody_is_refused(browser, officer):
    assert browser.post(url("new_wave"), {"name": "Vide"}).status_code == 422
    assert RefCommune.objects.exists()


# --- the API


def test_the_api_tells_waves_and_what_became_of_each_commune(browser, officer, wave):
    act = begin(officer, wave, "start")
    work(act)
    told = browser.get(f"/api/v1/waves/{wave.pk}/").json()
    assert (told["name"], sorted(told["communes"])) == ("Automne", sorted(ALL))
    told = browser.get("/api/v1/wave-acts/", {"wave": str(wave.pk), "state": "done"}).json()["results"]
    assert [(one["kind"], {line["commune"]: line["state"] for line in one["communes"]}) for one in told] == [
        ("start", dict.fromkeys(ALL, "done"))
    ]
    assert browser.get("/api/v1/wave-acts/", {"state": "running"}).json()["results"] == []


def test_the_api_asks_no_more_questions_for_more_waves(browser, officer, wave, django_assert_max_num_queries):
    for name, insee in (("Hiver", NARBONNE), ("Printemps", COURSAN)):
        begin(officer, waves.form_wave(actor=officer, name=name, insees=[insee]), "start")
    browser.get("/api/v1/waves/")
    for path in ("/api/v1/waves/", "/api/v1/wave-acts/"):
        with django_assert_max_num_queries(9):
            assert browser.get(path).json()["results"]
