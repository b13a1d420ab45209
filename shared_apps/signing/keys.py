"""The platform's seal and its clock, from the configuration; those of a local authority where it allows that.

`ENT_SEAL_FILE` (PKCS#12 with its chain), `ENT_SEAL_PASSPHRASE`, `ENT_TSA_URL`, `ENT_SEAL_ROOTS` (PEM: who is trusted,
those of earlier seals too, else the chain of the seal). Without a seal, conventions are signed on paper only.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import crl, x509
from django.conf import settings
from django.utils import timezone
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper, TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
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
    is_local: bool = False

    def context(self) -> ValidationContext:
        """To sign: the authorities are asked what they revoked, and their answers stay in the file: it can be checked
        when they are no more. One that says where to ask and doesn't answer: nothing is signed.
        """
        return ValidationContext(**self._trusted, allow_fetching=not self.is_local, revocation_mode="hard-fail")

    def context_at(self, moment: datetime, proofs: DocumentSecurityStore | None) -> ValidationContext:
        """To check what stood at a moment that is proved, by the proofs that the file brings; nobody is asked."""
        how = self._trusted | {"moment": moment, "retroactive_revinfo": True, "revocation_mode": "soft-fail"}
        return proofs.as_validation_context(how) if proofs else ValidationContext(**how)

    @property
    def _trusted(self) -> dict[str, Any]:
        """A local authority lives in the time of the demo."""
        found = {"trust_roots": list(self.roots), "other_certs": list(self.others), "crls": list(self.revoked)}
        return found | ({"moment": timezone.now()} if self.is_local else {})

    def is_ours(self, certificate: x509.Certificate) -> bool:
        """Today's seal, or one before it: a seal is renewed under its name. One of another name is among the roots."""
        listed = any(certificate.dump() == root.dump() for root in self.roots if not root.ca)
        return listed or certificate.subject == self.certificate.subject

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
    now, former = timezone.now(), folder / authority.FORMER
    if now < signer.signing_cert.not_valid_before and former.exists():
        signer = _open(former, authority.PASSPHRASE)
    roots = tuple(cert for cert in signer.cert_registry if cert.ca)
    stamper = DummyTimeStamper(clock.signing_cert, clock.signing_key, clock.cert_registry, fixed_dt=now)
    revoked = crl.CertificateList.load(revoked_file.read_bytes())
    return Seal(signer, stamper, roots, tuple(clock.cert_registry), (revoked,), is_local=True)


def _open(file: Path, passphrase: bytes) -> Any:
    try:
        signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=passphrase or None)
    except (OSError, ValueError) as error:
        raise NoSeal(f"ENT_SEAL_FILE can't be read: {type(error).__name__}.") from error
    if signer is None:
        raise NoSeal("ENT_SEAL_FILE can't be opened with ENT_SEAL_PASSPHRASE.")
    return signer
