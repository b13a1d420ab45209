"""An authority for the demo and the tests, made on the spot in the data folder: it proves nothing to anybody else."""

import datetime
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = b"local"  # of keys worth nothing, beside them
LIFE = datetime.timedelta(days=3650)
# Two seals, as years bring them: one that has ended since, and its successor. What the first one sealed stays proved.
ENDED, BEGAN = datetime.timedelta(days=1), datetime.timedelta(days=2)  # ago
LAST_MADE = "revoked.crl"
FORMER = "former.p12"
Key = rsa.RSAPrivateKey
Period = tuple[datetime.datetime, datetime.datetime]


def files(folder: Path) -> tuple[Path, Path, Path]:
    """The seal and the clock, as PKCS#12, each with the root; the root's list of what it revoked, which is nothing.

    Two processes at once: the first one's stay.
    """
    if not (folder / LAST_MADE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(folder)
    return folder / "seal.p12", folder / "clock.p12", folder / LAST_MADE


def _make(folder: Path) -> None:
    with (folder / "lock").open("w") as lock:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / LAST_MADE).exists():
            now = datetime.datetime.now(datetime.UTC)
            always = (now - LIFE, now + LIFE)
            make(folder, seal=(now - BEGAN, now + LIFE), clock=always, former=(now - LIFE, now - ENDED))


def make(folder: Path, *, seal: Period, clock: Period, former: Period | None = None) -> tuple[Key, x509.Certificate]:
    """The files, each certificate good from a day to a day; the root that vouches for them, with its key."""
    root_key, root = _root()
    if former:
        make_seal(folder / FORMER, root_key, root, former)
    make_seal(folder / "seal.p12", root_key, root, seal)
    make_clock(folder / "clock.p12", root_key, root, clock)
    _write(folder / LAST_MADE, _nothing_revoked(root_key, root))
    return root_key, root


def make_seal(path: Path, root_key: Key, root: x509.Certificate, period: Period) -> None:
    _keep(path, *_leaf(root_key, root, "ENT-école, cachet de démonstration", None, period), root)


def make_clock(path: Path, root_key: Key, root: x509.Certificate, period: Period) -> None:
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    _keep(path, *_leaf(root_key, root, "ENT-école, horodatage de démonstration", stamping, period), root)


def _root() -> tuple[Key, x509.Certificate]:
    key = _key()
    name = _name("ENT-école, autorité de démonstration")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    now = datetime.datetime.now(datetime.UTC)
    made = _certificate(name, name, key, (now - LIFE, now + 2 * LIFE))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return key, made.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def _leaf(
    root_key: Key, root: x509.Certificate, name: str, extended: x509.ExtendedKeyUsage | None, period: Period
) -> tuple[Key, x509.Certificate]:
    key = _key()
    made = _certificate(_name(name), root.subject, key, period)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(digital_signature=True, content_commitment=extended is None), critical=True)
    if extended:
        made = made.add_extension(extended, critical=True)
    return key, made.sign(root_key, hashes.SHA256())


def _nothing_revoked(root_key: Key, root: x509.Certificate) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    made = made.last_update(now - LIFE).next_update(now + LIFE)
    return made.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _certificate(subject: x509.Name, issuer: x509.Name, key: Key, period: Period) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(period[0]).not_valid_after(period[1])
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(**used: bool) -> x509.KeyUsage:
    names = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign"
    return x509.KeyUsage(**dict.fromkeys(f"{names} crl_sign encipher_only decipher_only".split(), False) | used)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key() -> Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _keep(path: Path, key: Key, certificate: x509.Certificate, root: x509.Certificate) -> None:
    how = serialization.BestAvailableEncryption(PASSPHRASE)
    _write(path, pkcs12.serialize_key_and_certificates(None, key, certificate, [root], how))


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(data)
    os.replace(fresh, path)
