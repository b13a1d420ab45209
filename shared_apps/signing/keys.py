"""The platform's seal and its clock, from the configuration; those of a local authority where it allows that.

`ENT_SEAL_FILE` (PKCS#12 with its chain), `ENT_SEAL_PASSPHRASE`, `ENT_TSA_URL`, `ENT_SEAL_ROOTS` (PEM: who is trusted,
else the chain of the seal). Without a seal, conventions are signed on paper only.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import crl, x509
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator import ValidationContext

from shared_apps.signing import authority


class NoSeal(Exception):
    """No seal is configured, or it can't be read. Its words are for the operator: never a path nor a secret."""


@dataclass(frozen=True, slots=True)
class Seal:
    signer: signers.SimpleSigner
    clock: TimeStamper
    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...]
    revoked: tuple[crl.CertificateList, ...] = ()

    def context(self, *, to_sign: bool = False) -> ValidationContext:
        """Who is trusted. When signing, the authorities are asked what they revoked, and their answers stay in the
        file: it can be checked when they are no more. One that says where to ask and doesn't answer: nothing is signed.
        """
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=list(self.others),
            crls=list(self.revoked),
            allow_fetching=to_sign,
            revocation_mode="hard-fail" if to_sign else "soft-fail",
        )

    @property
    def certificate(self) -> x509.Certificate:
        return self.signer.signing_cert


def is_configured() -> bool:
    return bool(settings.ENT_SEAL_FILE or settings.ENT_SEAL_LOCAL)


def seal() -> Seal:
    """Raises NoSeal."""
    if settings.ENT_SEAL_FILE:
        return _configured(settings.ENT_SEAL_FILE, settings.ENT_SEAL_PASSPHRASE, settings.ENT_TSA_URL)
    if settings.ENT_SEAL_LOCAL:
        return _local(Path(settings.ENT_SEAL_LOCAL))
    raise NoSeal("No seal is configured (ENT_SEAL_FILE).")


def _configured(file: str, passphrase: str, clock_url: str) -> Seal:
    signer = _open(Path(file), passphrase.encode())
    chain = tuple(signer.cert_registry)
    roots = tuple(load_certs_from_pemder([settings.ENT_SEAL_ROOTS])) if settings.ENT_SEAL_ROOTS else chain
    return Seal(signer, HTTPTimeStamper(clock_url, timeout=10), roots, chain)


def _local(folder: Path) -> Seal:
    seal_file, clock_file, revoked_file = authority.files(folder)
    signer, clock = _open(seal_file, authority.PASSPHRASE), _open(clock_file, authority.PASSPHRASE)
    roots = tuple(cert for cert in signer.cert_registry if cert.ca)
    stamper = DummyTimeStamper(clock.signing_cert, clock.signing_key, certs_to_embed=clock.cert_registry)
    revoked = crl.CertificateList.load(revoked_file.read_bytes())
    return Seal(signer, stamper, roots, tuple(clock.cert_registry), (revoked,))


def _open(file: Path, passphrase: bytes) -> Any:
    try:
        signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=passphrase or None)
    except (OSError, ValueError) as error:
        raise NoSeal(f"ENT_SEAL_FILE can't be read: {type(error).__name__}.") from error
    if signer is None:
        raise NoSeal("ENT_SEAL_FILE can't be opened with ENT_SEAL_PASSPHRASE.")
    return signer
