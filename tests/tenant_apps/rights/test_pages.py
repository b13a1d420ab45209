"""The matrix through its pages: the head changes it, the staff reads it, both ask why."""

import pytest
from django.urls import reverse

from shared_apps.audit.models import Entry
from shared_apps.bounds.vocabulary import Cell, Scope
from tenant_apps.rights import services
from tenant_apps.rights.decisions import may_write
from tenant_apps.rights.models import SchoolRule
from tests.tenant_apps.people.factories import add_guardian, add_pupil

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def page(name: str, *args) -> str:
    return reverse(f"rights:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def lakanal(made):
    return made.schools["Lakanal"]


@pytest.fixture
def head(made, browser_of):
    return browser_of(HOST, made.user("Martine"))


OPENED = {"guardian.guardian.see": "class", "guardian.guardian.write": "class"}


def choices(browser, school, sender: str, **changed: str) -> dict[str, str]:
    form = browser.get(page("sender", school.pk, sender)).context["form"]
    return {name: field.initial for name, field in form.fields.items()} | changed


def test_the_head_sees_the_sentences_of_a_profile(head, lakanal):
    shown = text(head.get(page("sender", lakanal.pk, "guardian")))
    assert "Les parents peuvent écrire aux enseignants de la classe de leur enfant." in shown
    assert "Les parents n’écrivent pas aux agents de la mairie." in shown


def test_what_would_change_is_shown_before_anything_is_written(made, head, lakanal):
    posted = choices(head, lakanal, "guardian", **OPENED)
    shown = text(head.post(page("sender", lakanal.pk, "guardian"), posted))
    assert "Les parents peuvent écrire aux autres parents de la classe de leur enfant." in shown
    assert "Aujourd’hui : Les parents n’écrivent pas aux autres parents." in shown
    assert "Ce profil compte 3 personnes dans l’école." in shown  # Sophie, Samia, Laure: Karim has no authority
    assert not SchoolRule.objects.exists()
    head.post(page("sender", lakanal.pk, "guardian"), posted | {"save": "1"})
    assert may_write(made.people["Sophie"], made.people["Samia"])
    assert "2 règles changées" in text(head.get(page("matrix", lakanal.pk)))


def test_writing_to_people_one_does_not_see_is_refused_on_the_page(head, lakanal):
    posted = choices(head, lakanal, "guardian", **{"guardian.guardian.write": "class"})
    answer = head.post(page("sender", lakanal.pk, "guardian"), posted | {"save": "1"})
    assert answer.status_code == 422
    assert "il faut d’abord le voir" in text(answer)
    assert not SchoolRule.objects.exists()


@pytest.mark.parametrize(
    ("sender", "code", "scope"),
    [
        ("guardian", "guardian.guardian.see", "commune"),
        ("young_pupil", "young_pupil.young_pupil.write", "class"),
        ("town", "town.guardian.write", "school"),
    ],
)
def test_what_is_above_the_ceiling_is_neither_offered_nor_taken(head, lakanal, sender, code, scope):
    form = head.get(page("sender", lakanal.pk, sender)).context["form"]
    offered = [value for value, _label in form.fields[code].choices] if code in form.fields else []
    assert scope not in offered
    posted = choices(head, lakanal, sender, **{code: scope, "save": "1"})
    head.post(page("sender", lakanal.pk, sender), posted)
    assert not SchoolRule.objects.exists()


def test_history_tells_who_changed_what_and_undoes_it(made, head, lakanal):
    head.post(page("sender", lakanal.pk, "guardian"), choices(head, lakanal, "guardian", **OPENED, save="1"))
    shown = text(head.get(page("matrix", lakanal.pk)))
    assert "Martine Calas" in shown
    assert "Les parents voient les autres parents de la classe de leur enfant." in shown
    entry = Entry.objects.get(action="rights.rules_changed")
    assert entry.facts["changes"] == ["guardian.guardian.see:none:class", "guardian.guardian.write:none:class"]
    head.post(page("undo", lakanal.pk, entry.pk))
    assert not SchoolRule.objects.exists()
    assert not may_write(made.people["Sophie"], made.people["Samia"])
    head.post(page("undo", lakanal.pk, entry.pk))
    assert "Une de ces règles a changé depuis" in text(head.get(page("matrix", lakanal.pk)))


def test_the_usual_rules_come_back_in_one_act(head, lakanal):
    head.post(page("sender", lakanal.pk, "guardian"), choices(head, lakanal, "guardian", **OPENED, save="1"))
    head.post(page("restore", lakanal.pk))
    assert not SchoolRule.objects.exists()
    assert "Ce sont les règles habituelles." in text(head.get(page("matrix", lakanal.pk)))
    assert Entry.objects.filter(action="rights.rules_changed").count() == 2


def test_a_teacher_reads_and_does_not_change(made, browser_of, lakanal):
    browser = browser_of(HOST, made.user("Claire"))
    shown = text(browser.get(page("sender", lakanal.pk, "guardian")))
    assert "Les parents peuvent écrire" in shown
    assert "Voir ce qui changerait" not in shown
    assert browser.post(page("sender", lakanal.pk, "guardian"), OPENED | {"save": "1"}).status_code == 403


def test_the_matrix_costs_the_same_whatever_the_rules(head, lakanal, django_assert_max_num_queries):
    head.get(page("matrix", lakanal.pk))
    with django_assert_max_num_queries(12):
        head.get(page("matrix", lakanal.pk))
    wanted = {Cell.of(code): Scope(scope) for code, scope in OPENED.items()}
    services.change_rules(actor=None, school=lakanal, wanted=wanted)
    with django_assert_max_num_queries(13):
        head.get(page("matrix", lakanal.pk))


# --- X, Y, and why


def ask(browser, sender: str, recipient: str, **more: str) -> str:
    return text(browser.get(page("why"), {"de": sender, "a": recipient} | more))


def test_the_answer_says_yes_with_its_rule_and_its_relation(made, head):
    shown = ask(head, "Sophie", "Claire")
    assert "Oui, Sophie Ferrer peut écrire à Claire Vidal." in shown
    assert "Les parents peuvent écrire aux enseignants de la classe de leur enfant." in shown
    assert "Sophie Ferrer est responsable de Inès, en CE2." in shown
    assert "La même classe les relie : CE2." in shown
    assert "Règle habituelle" in shown


def test_the_answer_says_no_and_why(made, head):
    shown = ask(head, "Sophie", "Samia")
    assert "Non, Sophie Ferrer ne peut pas écrire à Samia Khelifi." in shown
    assert "Les parents n’écrivent pas aux autres parents." in shown
    shown = ask(head, "Karim", "Claire")
    assert "ni autorité parentale" in shown


def test_the_answer_names_who_set_the_rule(made, head, lakanal):
    wanted = {Cell.of(code): Scope(scope) for code, scope in OPENED.items()}
    services.change_rules(actor=made.user("Martine"), school=lakanal, wanted=wanted)
    assert "Règle de l’école, changée par Martine Calas le" in ask(head, "Sophie", "Samia")


def test_people_whom_the_asker_does_not_see_are_not_found(made, head):
    shown = ask(head, "Sophie", "Odile")
    assert "Personne de ce nom parmi les personnes que vous voyez." in shown
    assert "Teisseire" not in shown
    answer = head.get(page("why"), {"de": "Sophie", "a": "Odile", "a_id": str(made.people["Odile"].pk)})
    assert "Oui" not in text(answer)


def test_what_links_them_elsewhere_is_not_told(made, head):
    """Two mothers of Lakanal have children in one class of Arago, which its head alone sees."""
    add_pupil(made, "Zoé", "Cabanel", "CM2")
    from tenant_apps.people.models import Guardianship

    Guardianship.objects.create(pupil=made.pupils["Zoé"], guardian=made.people["Laure"])
    wanted = {Cell.of(code): Scope(scope) for code, scope in OPENED.items()}
    services.change_rules(actor=None, school=made.schools["Arago"], wanted=wanted)
    shown = ask(head, "Sophie", "Laure")
    assert "Oui, Sophie Ferrer peut écrire à Laure Cabanel." in shown
    assert "Une même classe les relie." in shown
    for secret in ("Arago", "CM2", "Zoé", "Tom"):
        assert secret not in shown


def test_namesakes_are_chosen_by_hand(made, head):
    add_guardian(made, "Sophie", "Roca", ("Noé",))
    shown = ask(head, "Sophie", "Claire")
    assert "Laquelle de ces personnes ?" in shown
    assert "Oui," not in shown
    chosen = ask(head, "Sophie", "Claire", de_id=str(made.people["Sophie"].pk))
    assert "Sophie Roca" in chosen
    assert "Claire Vidal." in chosen


def test_families_do_not_ask(made, browser_of):
    assert browser_of(HOST, made.user("Sophie")).get(page("why")).status_code == 403
