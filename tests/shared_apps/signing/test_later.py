"""A signed convention outlives the certificates behind it: the seal's, then the clock's."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from shared_apps.audit.models import Entry
from shared_apps.files.models import StoredFile
from shared_apps.onboarding import services
from shared_apps.onboarding.documents import stamp_pdf
from shared_apps.onboarding.services.signing import SEALED
from shared_apps.signing import authority, keys, pades
from shared_apps.signing.verification import Verdict, content_of, verify
from tests.shared_apps.onboarding import factories, online
from tests.shared_apps.onboarding.pages import text
from tests.shared_apps.signing.test_verification import flipped, show

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Authority:
    """A seal that ends tomorrow, a clock that ends in a hundred days."""

    def __init__(self, folder):
        self.folder, self.now = folder, datetime.now(UTC)
        periods = {
            "seal": (self.now - 300 * DAY, self.now + DAY),
            "clock": (self.now - 300 * DAY, self.now + 100 * DAY),
        }
        self.key, self.root = authority.make(folder, **periods)

    def renew_seal(self):
        period = self.now, self.now + 1000 * DAY
        authority.make_seal(self.folder / "seal.p12", self.key, self.root, period)

    def renew_clock(self, days: int):
        period = self.now, self.now + days * DAY
        authority.make_clock(self.folder / "clock.p12", self.key, self.root, period)


@pytest.fixture
def ours(settings, tmp_path):
    settings.ENT_SEAL_LOCAL = tmp_path
    return Authority(tmp_path)


@pytest.fixture
def convention(ours, browser, officer):
    found = factories.deliberated(officer).convention
    online.sign_as_mayor(browser, found)
    facts = {key: online.RECTEUR[key] for key in ("name", "quality", "place")}
    services.sign_for_academy(actor=officer, convention=found, **facts)
    return online.fresh(found)


def after(ours, days: int):
    return time_machine.travel(ours.now + days * DAY, tick=False)


def test_a_file_stays_authentic_when_the_certificate_of_the_seal_has_ended(ours, convention):
    signed = content_of(convention.sealed)
    with after(ours, 3):
        page = text(show(signed))
        assert "Ce document est authentique." in page
        assert page.count("Le certificat du cachet a pris fin depuis, le ") == 2
        assert verify(flipped(signed, 2000)).verdict == Verdict.ALTERED


def test_a_new_seal_knows_what_the_former_one_signed(ours, convention):
    signed = content_of(convention.sealed)
    ours.renew_seal()
    with after(ours, 3):
        assert verify(signed).is_valid
        assert verify(signed + b" ").has_addition
    assert verify(signed).is_valid


def test_nothing_is_signed_once_the_certificate_has_ended(ours, convention):
    facts = {"field": "Autre", "signer": "X", "place": "z", "is_first": False}
    unsigned = pades.with_fields(content_of(convention.sealed), {"Autre": (10, 10, 50, 50)})
    with after(ours, 3), pytest.raises(keys.NoSeal):
        pades.sign(
            unsigned, stamp=stamp_pdf(name="X", quality="y", place="z", on=timezone.localdate(), proof="p"), **facts
        )


def test_a_time_stamp_more_carries_the_proof_beyond_the_end_of_the_clock(ours, convention):
    signed, halfway = (
        content_of(convention.sealed),
        content_of(StoredFile.objects.filter(purpose=SEALED).earliest("created_at")),
    )
    assert convention.proved_until == timezone.localdate(ours.now + 100 * DAY)
    with after(ours, 101):
        assert not verify(signed).is_valid
    ours.renew_clock(5000)
    assert services.renew_proofs() == 1
    renewed = online.fresh(convention)
    assert renewed.proved_until == timezone.localdate(ours.now + 5000 * DAY)
    longer = content_of(renewed.sealed)
    assert longer.startswith(signed)
    with after(ours, 101):
        for data, signatures in ((signed, 2), (halfway, 1), (longer, 2)):
            answer = verify(data)
            assert (answer.verdict, len(answer.signatures)) == (Verdict.VALID, signatures)
        assert not verify(longer[:-1]).is_valid
    assert services.renew_proofs() == 0
    assert Entry.objects.filter(action="onboarding.proof_renewed").count() == 1


def test_a_time_stamp_that_would_not_last_longer_is_not_kept(ours, convention):
    files = StoredFile.objects.count()
    assert services.renew_proofs() == 0
    assert StoredFile.objects.count() == files
    assert online.fresh(convention).sealed == convention.sealed


def test_a_file_whose_end_was_not_read_yet_is_read_and_left_as_it_is(ours, convention, monkeypatch):
    ours.renew_clock(5000)
    type(convention).objects.update(proved_until=None)
    with after(ours, -50):
        services.renew_proofs()
    assert online.fresh(convention).proved_until == timezone.localdate(ours.now + 100 * DAY)
    assert online.fresh(convention).sealed == convention.sealed


def test_each_signature_says_up_to_where_it_goes(ours, convention):
    first, second = pades.read(content_of(convention.sealed))
    assert 0 < first.ends_at < second.ends_at < len(content_of(convention.sealed))


def test_what_signatures_add_keeps_to_the_rules_of_an_archive(ours, convention):
    """ISO 19005-2, 6.3 and 6.4.3: each place is printed, and shows something or is of no size."""
    reader = PdfFileReader(BytesIO(content_of(convention.sealed)), strict=True)
    fields = [field.get_object() for field in reader.root["/AcroForm"]["/Fields"]]
    assert len(fields) == 4  # two people, two time stamps
    for field in fields:
        assert (field["/F"] & 0b100111) == 0b100
        assert "/AP" in field or not any(field["/Rect"])
    assert "/NeedAppearances" not in reader.root["/AcroForm"]
    assert re.search(rb"pdfaid:part(=.2.|>2<)", reader.root["/Metadata"].data)
    assert reader.root["/OutputIntents"]
