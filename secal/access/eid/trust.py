"""Whom the settings say to believe, read anew at each login: a list fetched a minute ago counts at once."""

from contextlib import suppress
from pathlib import Path

from cryptography import x509
from django.conf import settings

from secal.access.eid.certificate import UNREADABLE
from secal.access.eid.chain import Trust

LISTS = ("*.crl", "*.pem")
LARGEST_LIST = 64 * 1024 * 1024


def configured() -> Trust:
    """The roots, issuers and lists of the settings. What cannot be read is not believed."""
    return Trust(
        roots=certificates(settings.EID_ROOTS),
        issuers=certificates(settings.EID_ISSUERS),
        lists=revocation_lists(settings.EID_REVOCATIONS),
    )


def certificates(file: str) -> list[x509.Certificate]:
    """The certificates (PEM) of a file; none when it is missing or broken."""
    with suppress(OSError, *UNREADABLE):
        return x509.load_pem_x509_certificates(Path(file).read_bytes())
    return []


def revocation_lists(folder: str) -> list[x509.CertificateRevocationList]:
    """The revocation lists (DER or PEM) of a folder, without those that cannot be read."""
    if not folder:
        return []
    found = [_read(path) for pattern in LISTS for path in sorted(Path(folder).glob(pattern))]
    return [one for one in found if one is not None]


def _read(path: Path) -> x509.CertificateRevocationList | None:
    with suppress(OSError, *UNREADABLE):
        if path.stat().st_size > LARGEST_LIST:
            return None
        raw = path.read_bytes()
        load = x509.load_pem_x509_crl if raw.startswith(b"-----BEGIN") else x509.load_der_x509_crl
        return load(raw)
    return None
