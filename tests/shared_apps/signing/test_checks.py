"""What the start-up check says of the seal, before a mayor finds out."""

import pytest

from shared_apps.signing.checks import seal_is_readable


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"ENT_SEAL_FILE": ""}, ["signing.W001"]),
        ({"ENT_SEAL_FILE": "absent.p12"}, ["signing.E001"]),
        ({"ENT_SEAL_FILE": "seal", "ENT_SEAL_PASSPHRASE": "wrong"}, ["signing.E001"]),
        ({"ENT_SEAL_FILE": "seal", "ENT_SEAL_PASSPHRASE": "local", "ENT_TSA_URL": ""}, ["signing.E002"]),
        ({"ENT_SEAL_FILE": "former", "ENT_SEAL_PASSPHRASE": "local", "ENT_TSA_URL": "https://x"}, ["signing.W002"]),
        ({"ENT_SEAL_FILE": "seal", "ENT_SEAL_PASSPHRASE": "local", "ENT_TSA_URL": "https://tsa.example"}, []),
    ],
    ids=["none", "absent", "wrong_passphrase", "no_clock", "ended", "whole"],
)
def test_the_seal_is_checked_at_start(settings, tmp_path, changes, ids):
    from shared_apps.signing import authority

    seal, _clock, _revoked = authority.files(tmp_path)
    made = {"seal": str(seal), "former": str(tmp_path / authority.FORMER)}
    for name, value in changes.items():
        setattr(settings, name, made.get(value, value))
    assert [message.id for message in seal_is_readable()] == ids
