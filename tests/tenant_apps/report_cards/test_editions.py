"""What was validated: frozen, corrected by a new version only, signed again, followed."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import registry
from core.errors import DomainError
from core.frozen import together
from shared_apps.notifications.models import Notification
from shared_apps.signatures.models import Slot
from tenant_apps.people.editions import digest_of
from tenant_apps.people.models import Guardianship
from tenant_apps.report_cards import contents, services
from tenant_apps.report_cards.models import Edition, ReportCard
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.report_cards.conftest import filled

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


@pytest.fixture
def report(room, period) -> ReportCard:
    return filled(room, period, "Inès")


@pytest.fixture
def validated(report, head) -> ReportCard:
    head.post(page("validate_one", report.pk))
    return report


@pytest.fixture
def corrected(room, period, validated, head, sophie) -> ReportCard:
    """Signed, reopened, rewritten, validated again."""
    sophie.post(page("sign", validated.pk))
    head.post(page("reopen", validated.pk), {"reason": "Erreur de saisie"})
    write(room, period, validated, "Très bon trimestre")
    head.post(page("validate_one", validated.pk))
    return validated


def write(room, period, report: ReportCard, words: str) -> None:
    report.refresh_from_db()
    row = services.Typed(report.pupil_id, report.version, appreciation=words)
    services.write(actor=room.teacher, school_class=room.school_class, period=period, domain="general", typed=[row])


def page(name: str, *args) -> str:
    return reverse(f"report_cards:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def todos(user, profile: str) -> list[str]:
    (found,) = together(registry.todo_sources["report_cards"](user, profile))
    return [todo.title for todo in found]


def test_one_report_is_validated_and_the_others_wait(room, period, report, head):
    filled(room, period, "Noé")
    head.post(page("validate_one", report.pk))
    assert list(ReportCard.objects.validated()) == [report]
    assert Edition.objects.get().content == contents.content_of(report)


def test_an_incomplete_report_is_not_validated(report, head):
    report.results.filter(domain="MATHS").update(position=None)
    shown = text(head.post(page("validate_one", report.pk), follow=True))
    assert "Aucun livret n’est prêt" in shown
    assert not Edition.objects.exists()


@pytest.mark.parametrize("assignment", ["content = '{}'", "digest = ''", "validated_at = now()"])
def test_the_database_refuses_to_rewrite_what_was_validated(validated, assignment):
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE report_cards_edition SET {assignment}")


def test_what_changes_under_a_validated_report_changes_nothing_of_what_families_read(validated, sophie):
    validated.results.update(position=1)
    assert "non atteints" not in text(sophie.get(page("report", validated.pk)))


def test_guardians_with_the_authority_are_told_once_validated(room, report, head):
    Guardianship.objects.filter(guardian__account=room.guardians["Karim"]).update(has_parental_authority=False)
    head.post(page("validate_one", report.pk))
    told = Notification.objects.get(kind="report_cards.to_sign")
    assert told.user == room.guardians["Sophie"]
    assert told.title == "Inès · Livret à lire et à signer : 1er trimestre"


def test_a_reopened_report_keeps_what_the_family_read_and_is_signed_by_nobody(validated, head, sophie):
    assert head.post(page("reopen", validated.pk), {"reason": ""}).status_code == 422
    head.post(page("reopen", validated.pk), {"reason": "Erreur de saisie"})
    shown = text(sophie.get(page("report", validated.pk)))
    assert "Bon trimestre" in shown
    assert "L’école corrige ce livret." in shown
    assert sophie.post(page("sign", validated.pk)).status_code == 403
    assert "Erreur de saisie" in text(head.get(page("report", validated.pk)))


def test_a_correction_is_signed_again_and_the_former_version_stays_with_its_signature(room, corrected, sophie):
    shown = text(sophie.get(page("report", corrected.pk)))
    assert "Très bon trimestre" in shown and "Erreur de saisie" in shown and "Signer" in shown
    former = text(sophie.get(f"{page('report', corrected.pk)}?version=1"))
    assert "Très bon trimestre" not in former and "Bon trimestre" in former
    assert "C’est signé." in former
    first, last = Edition.objects.order_by("number")
    assert first.digest == digest_of(first.content) != last.digest
    titles = Notification.objects.filter(user=room.guardians["Sophie"]).values_list("title", flat=True)
    assert "Inès · Livret corrigé, à signer de nouveau : 1er trimestre" in titles


def test_while_it_is_corrected_nobody_is_asked_to_sign_the_former_version(room, validated, head):
    head.post(page("reopen", validated.pk), {"reason": "Erreur de saisie"})
    assert todos(room.guardians["Karim"], "guardian") == []


def test_a_version_that_is_none_is_not_found(validated, sophie):
    assert sophie.get(f"{page('report', validated.pk)}?version=2").status_code == 404
    assert sophie.get(f"{page('report_pdf', validated.pk)}?version=x").status_code == 404


def test_a_class_is_reopened_at_once(room, period, validated, head):
    filled(room, period, "Noé")
    head.post(page("validate", room.school_class.pk, period.pk))
    head.post(page("reopen_class", room.school_class.pk, period.pk), {"reason": "Barème"})
    assert not ReportCard.objects.validated().exists()
    assert set(ReportCard.objects.values_list("reopened_for", flat=True)) == {"Barème"}


def test_a_report_of_a_closed_period_is_not_reopened(period, validated, head):
    head.post(page("toggle", period.pk), {"act": "close"})
    answer = head.post(page("reopen", validated.pk), {"reason": "Erreur"})
    assert answer.status_code == 422
    assert "Cette période est fermée" in text(answer)


def test_a_guardian_has_it_on_the_home_page_until_one_signs(room, validated, sophie):
    assert todos(room.guardians["Karim"], "guardian") == ["Livret scolaire, 1er trimestre"]
    sophie.post(page("sign", validated.pk))
    assert todos(room.guardians["Sophie"], "guardian") == todos(room.guardians["Karim"], "guardian") == []


def test_where_each_signs_the_other_still_has_it_on_the_home_page(room, period, report, head, sophie):
    period.needs_each_guardian = True
    period.save()
    head.post(page("validate_one", report.pk))
    sophie.post(page("sign", report.pk))
    assert todos(room.guardians["Sophie"], "guardian") == []
    assert todos(room.guardians["Karim"], "guardian") == ["Livret scolaire, 1er trimestre"]


def test_a_head_has_on_the_home_page_the_reports_that_are_ready(room, period, report, head):
    filled(room, period, "Noé").results.filter(domain="MATHS").update(position=None)
    assert todos(room.head, "head") == ["1 livret à valider"]
    assert todos(room.teacher, "teacher") == []
    head.post(page("validate_one", report.pk))
    assert todos(room.head, "head") == []


@pytest.mark.parametrize("profile", ["guardian", "head"])
def test_a_home_page_pays_one_query(room, period, validated, profile, django_assert_num_queries):
    filled(room, period, "Noé")
    user = room.head if profile == "head" else room.guardians["Sophie"]
    assert len(todos(user, profile)) == 1
    with django_assert_num_queries(1):
        todos(user, profile)


def test_who_becomes_a_guardian_after_the_validation_signs_too(room, validated, browser_of):
    late = factories.account("Rose", "Ferrer")
    Guardianship.objects.create(pupil=room.pupils["Inès"], guardian=factories.person("Rose", "Ferrer", user=late))
    assert todos(late, "guardian") == ["Livret scolaire, 1er trimestre"]
    browser_of(HOST, late).post(page("sign", validated.pk))
    assert Slot.objects.get(signed_at__isnull=False).signed_by == late


def test_a_paper_is_recorded_for_one_adult(room, period, validated, teacher):
    follow = page("follow", room.school_class.pk, period.pk)
    assert "0 livret signé sur 1" in text(teacher.get(follow))
    person = room.guardians["Sophie"].person
    teacher.post(page("paper", validated.pk), {"adult": str(person.pk)})
    slot = Slot.objects.get(is_paper=True)
    assert (slot.signer_id, slot.subject_id) == (person.pk, validated.pupil_id)
    assert "1 livret signé sur 1" in text(teacher.get(follow))


def test_a_paper_of_nobody_is_refused(room, validated):
    with pytest.raises(DomainError) as refused:
        services.record_paper(actor=room.teacher, report=validated, signer_id=room.pupils["Noé"].pk)
    assert refused.value.code == "unknown_adult"


def test_families_are_reminded_once_a_day(room, period, validated, teacher):
    remind = page("remind", room.school_class.pk, period.pk)
    assert "2 personnes sont relancées" in text(teacher.post(remind, follow=True))
    assert "déjà été relancé" in text(teacher.post(remind, follow=True))
    assert Notification.objects.filter(kind="report_cards.to_sign").count() == 4


def test_a_class_is_printed_and_a_former_version_too(room, period, corrected, head):
    for address in (
        page("class_pdf", room.school_class.pk, period.pk),
        f"{page('report_pdf', corrected.pk)}?version=1",
    ):
        assert head.get(address).content.startswith(b"%PDF")


def test_the_follow_up_asks_as_much_for_more_pupils(room, period, validated, teacher, head):
    follow = page("follow", room.school_class.pk, period.pk)

    def count() -> int:
        teacher.get(follow)
        with CaptureQueriesContext(connection) as asked:
            teacher.get(follow)
        return len(asked)

    few = count()
    filled(room, period, "Noé")
    filled(room, period, "Aya")
    head.post(page("validate", room.school_class.pk, period.pk))
    assert count() == few <= 12


def test_a_pupil_takes_the_reports_away_and_reads_last_year_s(room, corrected):
    (work,) = registry.works["report_cards"](room.pupils["Inès"].person_id)
    assert work.text == "Très bon trimestre"
    enrollment = room.pupils["Inès"].enrollments.get()
    (link,) = registry.last_year_sources["report_cards"](room.guardians["Sophie"], enrollment)
    assert link["label"] == "Livret scolaire, 1er trimestre"
