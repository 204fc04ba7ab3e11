"""Who issued a card: up to one of our own roots, every signature, and nothing revoked on the way.

Revocation lists lie in a folder of ours, fetched by another program. The list about cards must be of the last
day; without one, or with one that its issuer did not sign, nobody enters.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.x509 import verification

from secal.access.eid.certificate import HASHES, UNREADABLE, CardRefused

OLDEST_LIST = timedelta(hours=24)
"""Since a list about cards was made. Lists about authorities, made seldom, hold until their own end."""
CLOCKS_DIFFER = timedelta(minutes=5)
DEEPEST = 2
"""Authorities between a card and the root, at most."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom we believe."""

    roots: Sequence[x509.Certificate]
    issuers: Sequence[x509.Certificate]
    lists: Sequence[x509.CertificateRevocationList]


def check_chain(certificate: x509.Certificate, trust: Trust, *, now: datetime) -> None:
    """The card was issued under one of the roots, and neither it nor an authority was revoked.

    Raises CardRefused.
    """
    chain = _chain(certificate, trust, now)
    if chain is None:
        raise CardRefused("card.chain")
    for issued, issuer in pairwise(chain):
        _check_not_revoked(issued, issuer, trust.lists, now=now, of_card=issued == certificate)


def _chain(certificate: x509.Certificate, trust: Trust, now: datetime) -> list[x509.Certificate] | None:
    """From the card to the root. The error of the library is dropped: its words quote names."""
    if not trust.roots:
        return None
    policy = (
        verification.PolicyBuilder()
        .store(verification.Store(list(trust.roots)))
        .time(now)
        .max_chain_depth(DEEPEST)
        .extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
            # A card names its holder in the subject; it has no alternative names, which servers must have.
            ee_policy=verification.ExtensionPolicy.webpki_defaults_ee().may_be_present(
                x509.SubjectAlternativeName, verification.Criticality.AGNOSTIC, None
            ),
        )
    )
    with suppress(verification.VerificationError, *UNREADABLE):
        return policy.build_client_verifier().verify(certificate, list(trust.issuers)).chain
    return None


def _check_not_revoked(
    issued: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    *,
    now: datetime,
    of_card: bool,
) -> None:
    signed = [one for one in lists if one.issuer == issuer.subject and _is_of(one, issuer)]
    if not signed:
        raise CardRefused("card.no_revocation_list")
    newest = max(signed, key=lambda one: one.last_update_utc)
    if not _is_fresh(newest, now, of_card=of_card):
        raise CardRefused("card.old_revocation_list")
    if newest.get_revoked_certificate_by_serial_number(issued.serial_number) is not None:
        raise CardRefused("card.revoked")


def _is_of(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Signed by the issuer, who may sign lists; a whole list, not a part nor what changed since."""
    with suppress(x509.ExtensionNotFound, *UNREADABLE):
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        return (
            usage.crl_sign
            and isinstance(one.signature_hash_algorithm, HASHES)
            and not any(extension.critical for extension in one.extensions)
            and one.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        )
    return False


def _is_fresh(one: x509.CertificateRevocationList, now: datetime, *, of_card: bool) -> bool:
    ends = one.next_update_utc
    return (
        one.last_update_utc <= now + CLOCKS_DIFFER
        and ends is not None
        and now < ends
        and (not of_card or now - one.last_update_utc <= OLDEST_LIST)
    )
