"""Notebooks and summaries: written by the teacher, frozen by the head, signed by the guardians, kept with the child."""

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import registry
from core.registry import Erased
from shared_apps.files.models import StoredFile
from shared_apps.files.services import may_read
from shared_apps.notifications.models import Notification
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.models import Enrollment, Guardianship
from tenant_apps.progress_notebook.domains import LINES
from tenant_apps.progress_notebook.models import Acquisition, Edition, Notebook, Observation, Period
from tests.support.pages import said
from tests.tenant_apps.liaison import factories as people
from tests.tenant_apps.progress_notebook.factories import full_summary, long_ago, observed, photo, sound, written

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def page(name: str, *args) -> str:
    return reverse(f"progress_notebook:{name}", args=args)


def in_class(nursery, period, name: str = "period") -> str:
    return page(name, nursery.school_class.pk, period.pk)


def of(nursery, period, child: str = "Inès", name: str = "notebook") -> str:
    return page(name, nursery.school_class.pk, period.pk, nursery.pupils[child].pk)


@pytest.fixture
def edition(nursery, period, head) -> Edition:
    """Of Inès: a success with its photo and its sound, the teacher's words, validated."""
    uploads = {"progress_notebook.photo": photo(), "progress_notebook.sound": sound()}
    observed(nursery, "Inès", milestone="Compare deux collections", uploads=uploads)
    written(nursery, period, "Inès")
    head.post(of(nursery, period, name="validate_one"))
    return Edition.objects.get()


def corrected(nursery, period, head, words: str = "Un très bon début d’année.") -> Edition:
    head.post(of(nursery, period, name="reopen_one"), {"reason": "Un oubli"})
    written(nursery, period, "Inès", appreciation=words)
    head.post(of(nursery, period, name="validate_one"))
    return Edition.objects.get(number=2)


def lines(browser) -> str:
    return said(browser.get("/"))


# --- writing


def test_a_teacher_writes_a_few_words_and_the_head_validates_the_class(nursery, period, teacher, head):
    observed(nursery, "Noé")
    facts = {"version": "0", "appreciation": "Parle volontiers."}
    assert teacher.post(of(nursery, period), facts).status_code == 302
    assert "1 carnet de suivi à valider" in lines(head)
    assert "Valider 2 carnets prêts" in said(head.get(in_class(nursery, period)))
    shown = said(head.post(in_class(nursery, period, "validate"), follow=True))
    assert "2 carnets sont validés." in shown
    assert Edition.objects.count() == 2  # nothing was noted of Aya


def test_a_notebook_that_says_nothing_is_not_validated(nursery, period, head):
    shown = said(head.post(in_class(nursery, period, "validate"), follow=True))
    assert "Aucun carnet n’est prêt." in shown


def test_a_stale_save_writes_nothing_and_shows_both(nursery, period, teacher, head):
    written(nursery, period, "Inès", appreciation="De la direction")
    answer = teacher.post(of(nursery, period), {"version": "0", "appreciation": "De la maîtresse"})
    assert answer.status_code == 409
    assert "De la direction" in said(answer) and "De la maîtresse" in said(answer)
    assert Notebook.objects.get().appreciation == "De la direction"


def test_a_closed_period_is_no_longer_written_in(nursery, period, teacher, head):
    head.post(page("toggle", period.pk), {"act": "close"})
    assert teacher.post(of(nursery, period), {"version": "0", "appreciation": "Trop tard"}).status_code == 422
    assert not Notebook.objects.exists()


def test_a_head_makes_a_period_and_not_twice_the_same(nursery, head):
    nursery.school.kind = "primary"
    nursery.school.save()
    facts = {"school": nursery.school.pk, "kind": "notebook", "label": "Hiver"}
    facts |= {"starts_on": "2026-09-01", "ends_on": "2026-12-18"}
    assert head.post(page("periods"), facts).status_code == 302
    assert head.post(page("periods"), facts).status_code == 422
    assert Period.objects.get().year == nursery.school_class.year


# --- what is frozen


@pytest.mark.parametrize("assignment", ["content = '{}'", "digest = ''", "validated_at = now()"])
def test_the_database_refuses_to_rewrite_what_was_validated(edition, assignment):
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE progress_notebook_edition SET {assignment}")


def test_families_read_what_was_validated_whatever_becomes_of_it(nursery, edition, sophie):
    observed(nursery, "Inès", words="Noté après.")
    Observation.objects.filter(milestone="Compare deux collections").update(milestone="Changé")
    shown = said(sophie.get(page("edition", edition.pk)))
    assert "Compare deux collections" in shown and "Un bon début d’année." in shown
    assert "Noté après." not in shown and "Changé" not in shown


def test_only_what_was_shown_in_the_period_is_in_it(nursery, period, head, sophie):
    observed(nursery, "Inès", words="Montré.")
    observed(nursery, "Inès", words="Resté brouillon.", shared=False)
    period.starts_on = long_ago()
    period.save()
    observed(nursery, "Inès", words="Avant.", seen_on=long_ago().replace(day=1).replace(year=2025))
    head.post(in_class(nursery, period, "validate"))
    shown = said(sophie.get(page("edition", Edition.objects.get().pk)))
    assert "Montré." in shown
    assert "Resté brouillon." not in shown and "Avant." not in shown


def test_a_picture_that_the_school_takes_out_is_missing_everywhere(nursery, edition, teacher, sophie):
    one = Observation.objects.get()
    photo_of = StoredFile.objects.get(purpose="progress_notebook.photo")
    assert photo_of.get_absolute_url() in sophie.get(page("edition", edition.pk)).content.decode()
    facts = {"domain": "MATHS", "seen_on": str(one.seen_on), "milestone": one.milestone, "drops_photo": "on"}
    teacher.post(page("change", one.pk), facts)
    shown = said(sophie.get(page("edition", edition.pk)))
    assert "L’école a retiré la photo." in shown and "L’école a retiré le son." not in shown
    assert sophie.get(page("edition_pdf", edition.pk)).content.startswith(b"%PDF")


def test_what_an_edition_holds_is_still_heard_once_it_is_a_draft_again(nursery, edition, teacher):
    teacher.post(page("share", Observation.objects.get().pk), {"draft": "1"})
    for file in StoredFile.objects.all():
        assert may_read(nursery.guardians["Sophie"], file)
        assert not may_read(nursery.guardians["Laure"], file)


# --- signatures


def test_guardians_with_the_authority_are_told(nursery, period, head):
    Guardianship.objects.filter(guardian__account=nursery.guardians["Karim"]).update(has_parental_authority=False)
    observed(nursery, "Inès", shared=True)
    head.post(in_class(nursery, period, "validate"))
    told = Notification.objects.get(kind="progress_notebook.to_sign")
    assert told.user == nursery.guardians["Sophie"]
    assert told.title == "Inès · Carnet de suivi à lire et à signer : Premier semestre"


def test_a_guardian_reads_and_signs_and_the_other_is_asked_no_more(nursery, edition, sophie, karim):
    assert "Carnet de suivi des apprentissages" in lines(sophie)
    assert "Carnet de suivi des apprentissages" in lines(karim)
    sophie.get(page("edition", edition.pk))
    assert Slot.objects.get(read_at__isnull=False).signer_id == nursery.guardians["Sophie"].person.pk
    sophie.post(page("sign", edition.pk))
    assert Slot.objects.get(signed_at__isnull=False).signed_by == nursery.guardians["Sophie"]
    assert "C’est signé." in said(sophie.get(page("edition", edition.pk)))
    assert "L’autre responsable a signé" in said(karim.get(page("edition", edition.pk)))
    for browser in (sophie, karim):
        assert "Carnet de suivi des apprentissages" not in lines(browser)


def test_where_each_signs_the_other_is_still_asked(nursery, period, head, sophie, karim):
    period.needs_each_guardian = True
    period.save()
    observed(nursery, "Inès")
    head.post(in_class(nursery, period, "validate"))
    edition = Edition.objects.get()
    sophie.post(page("sign", edition.pk))
    assert "Carnet de suivi des apprentissages" not in lines(sophie)
    assert "Carnet de suivi des apprentissages" in lines(karim)
    karim.post(page("sign", edition.pk))
    assert Slot.objects.filter(signed_at__isnull=False).count() == 2


def test_a_home_with_a_notebook_to_sign_asks_no_more_than_one_without(nursery, edition, sophie):
    def count() -> int:
        sophie.get("/")
        with CaptureQueriesContext(connection) as asked:
            sophie.get("/")
        return len(asked)

    with_one = count()
    SignatureRequest.objects.all().delete()
    assert count() == with_one <= 12


def test_who_becomes_a_guardian_after_the_validation_signs_too(nursery, edition, browser_of):
    late = people.account("Rose", "Ferrer")
    person = people.person("Rose", "Ferrer", user=late)
    Guardianship.objects.create(pupil=nursery.pupils["Inès"], guardian=person)
    browser = browser_of(HOST, late)
    browser.get(page("edition", edition.pk))
    browser.post(page("sign", edition.pk))
    assert Slot.objects.get(signed_at__isnull=False).signed_by == late


def test_a_reopened_notebook_stays_readable_and_is_signed_by_nobody(nursery, period, edition, head, sophie):
    assert head.post(of(nursery, period, name="reopen_one"), {"reason": ""}).status_code == 422
    head.post(of(nursery, period, name="reopen_one"), {"reason": "Un oubli"})
    shown = said(sophie.get(page("edition", edition.pk)))
    assert "L’école corrige ce carnet." in shown and "Un bon début d’année." in shown
    assert sophie.post(page("sign", edition.pk)).status_code == 403
    assert "Carnet de suivi des apprentissages" not in lines(sophie)
    assert "Un oubli" in said(head.get(of(nursery, period)))


def test_a_correction_is_signed_again_and_the_former_version_stays(nursery, period, edition, head, sophie):
    sophie.post(page("sign", edition.pk))
    last = corrected(nursery, period, head)
    shown = said(sophie.get(page("edition", last.pk)))
    assert "Un très bon début d’année." in shown and "Un oubli" in shown and "Signer" in shown
    former = said(sophie.get(page("edition", edition.pk)))
    assert "C’est une ancienne version." in former and "C’est signé." in former
    assert "Un bon début d’année." in former
    titles = Notification.objects.filter(user=nursery.guardians["Sophie"]).values_list("title", flat=True)
    assert "Inès · Carnet de suivi corrigé, à signer de nouveau : Premier semestre" in titles


def test_a_class_is_reopened_at_once(nursery, period, edition, head):
    observed(nursery, "Noé")
    head.post(in_class(nursery, period, "validate"))
    head.post(in_class(nursery, period, "reopen"), {"reason": "Dates"})
    assert set(Notebook.objects.values_list("reopened_for", "validated_at")) == {("Dates", None)}


def test_a_paper_is_recorded_for_one_adult(nursery, period, edition, teacher):
    follow = in_class(nursery, period, "follow")
    assert "0 carnet signé sur 1" in said(teacher.get(follow))
    person = nursery.guardians["Sophie"].person
    teacher.post(of(nursery, period, name="paper"), {"adult": str(person.pk)})
    slot = Slot.objects.get(is_paper=True)
    assert (slot.signer_id, slot.subject_id) == (person.pk, nursery.pupils["Inès"].pk)
    assert "1 carnet signé sur 1" in said(teacher.get(follow))


def test_families_are_reminded_once_a_day(nursery, period, edition, teacher):
    remind = in_class(nursery, period, "remind")
    assert "2 personnes sont relancées" in said(teacher.post(remind, follow=True))
    assert "déjà été relancé" in said(teacher.post(remind, follow=True))


def test_only_the_head_validates(nursery, period, teacher):
    observed(nursery, "Inès")
    assert teacher.post(in_class(nursery, period, "validate")).status_code == 403
    assert teacher.post(of(nursery, period, name="validate_one")).status_code == 403


# --- the summary at the end of nursery school


def test_the_summary_is_of_the_oldest_alone(nursery, summary, teacher):
    Enrollment.objects.filter(pupil=nursery.pupils["Noé"]).update(grade="MS")
    shown = said(teacher.get(in_class(nursery, summary)))
    assert "Inès Ferrer" in shown and "Noé Cabanel" not in shown
    assert teacher.get(of(nursery, summary, "Noé")).status_code == 404


def test_a_summary_is_validated_once_each_line_has_its_position(nursery, summary, teacher, head, sophie):
    facts = {"version": "0"} | {f"line-{code}": "3" for code in LINES if code != "ORAL"}
    facts |= {"points-LANGUAGE": "Un vocabulaire riche.", "points-ATTENTION": "Va au bout de ce qu’elle commence."}
    assert teacher.post(of(nursery, summary), facts).status_code == 302
    assert "Aucun carnet n’est prêt." in said(head.post(in_class(nursery, summary, "validate"), follow=True))
    teacher.post(of(nursery, summary), facts | {"version": "1", "line-ORAL": "2"})
    head.post(in_class(nursery, summary, "validate"))
    shown = said(sophie.get(page("edition", Edition.objects.get().pk)))
    assert "Langage oral : communication, expression est en voie de réussite" in shown
    assert "Un vocabulaire riche." in shown and "Va au bout de ce qu’elle commence." in shown


@pytest.mark.parametrize("facts", [{"position": 4}, {"line": "SWIMMING"}])
def test_the_database_knows_the_three_columns_and_the_lines_of_the_arrete(nursery, summary, facts):
    notebook = written(nursery, summary, "Inès")
    with pytest.raises(IntegrityError), transaction.atomic():
        Acquisition.objects.create(**{"notebook": notebook, "line": "ORAL", "position": 1} | facts)


def test_the_summary_goes_on_to_the_elementary_school_and_nothing_else_does(
    nursery, period, summary, edition, head, browser_of
):
    full_summary(nursery, summary, "Inès")
    head.post(in_class(nursery, summary, "validate"))
    last = Edition.objects.get(notebook__period=summary)
    other = people.classroom(uai="0110358E", label="CP", prefix="cp")
    Enrollment.objects.filter(pupil=nursery.pupils["Inès"]).update(school_class=other.school_class, grade="CP")
    elementary = browser_of(HOST, other.teacher)
    assert "réussit souvent" in said(elementary.get(page("edition", last.pk)))
    assert elementary.get(page("edition_pdf", last.pk)).content.startswith(b"%PDF")
    assert elementary.get(page("edition", edition.pk)).status_code == 404
    assert head.get(page("edition", last.pk)).status_code == 404  # the child has left that school


# --- papers, what is taken away, what is forgotten


def test_an_edition_and_a_class_are_printed(nursery, period, edition, head, sophie):
    for browser, address in (
        (sophie, page("edition_pdf", edition.pk)),
        (head, in_class(nursery, period, "class_pdf")),
    ):
        assert browser.get(address).content.startswith(b"%PDF")


def test_a_child_takes_its_notebook_away(nursery, edition):
    works = list(registry.works["progress_notebook"](nursery.pupils["Inès"].person_id))
    assert [len(work.files) for work in works] == [2, 1]
    assert works[1].title.startswith("Carnet de suivi des apprentissages, Premier semestre")
    data = registry.personal_data["progress_notebook"](nursery.pupils["Inès"].person_id)
    assert data["carnet_observations"][0]["milestone"] == "Compare deux collections"
    assert data["carnets"][0]["appreciation"] == "Un bon début d’année."
    (link,) = registry.last_year_sources["progress_notebook"](
        nursery.guardians["Sophie"], nursery.pupils["Inès"].enrollments.get()
    )
    assert link["url"] == edition.get_absolute_url()


def test_a_notebook_goes_with_the_child(nursery, edition):
    observed(nursery, "Noé", uploads={"progress_notebook.photo": photo()})
    child = nursery.pupils["Inès"]
    who = Erased(persons=frozenset({child.person_id}), pupils=frozenset({child.pk}), accounts=frozenset())
    registry.erasers["progress_notebook"](who)
    assert not Notebook.objects.exists() and not SignatureRequest.objects.exists()
    assert [one.pupil for one in Observation.objects.all()] == [nursery.pupils["Noé"]]
    assert StoredFile.objects.count() == 1


# --- queries


def test_the_pages_of_a_period_ask_as_much_for_more_pupils(nursery, period, summary, edition, head, sophie):
    pages = [
        (head, in_class(nursery, period)),
        (head, in_class(nursery, period, "follow")),
        (head, of(nursery, period)),
        (head, of(nursery, summary)),
        (sophie, page("edition", edition.pk)),
    ]

    def counts() -> list[int]:
        found = []
        for browser, address in pages:
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200
            found.append(len(asked))
        return found

    few = counts()
    for name in ("Zoé", "Léo", "Mia"):
        people.add_family(nursery, name, "Robert", [])
    Enrollment.objects.update(grade="GS")
    for name in ("Noé", "Zoé", "Léo", "Mia"):
        observed(nursery, name)
    head.post(in_class(nursery, period, "validate"))
    assert counts() == few
    assert max(few) <= 12, few
