"""Reading the certificate of a card, and what it must be by itself: in force, strong, made to authenticate.

Whoever issued it is checked in `chain`. Nothing here reads a setting or a clock. No error carries a value.
"""

import base64
import re
import urllib.parse
from collections.abc import Set
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from secal.kernel.identifiers import IdentifierError, parse_niss

LONGEST_HEADER = 8192
SMALLEST_RSA_BITS = 2048
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What reading a certificate that somebody else wrote may raise."""

Kind = TypeVar("Kind", bound=x509.ExtensionType)

_PEM = re.compile(
    r"-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n)"
    r"-----END CERTIFICATE-----\n"
)


class CardRefused(Exception):
    """The card opens nothing. `code` goes to the security log; it holds no value of the certificate."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(header: str) -> x509.Certificate:
    """The one certificate that the header holds, spelt as the proxy spells it. Raises CardRefused."""
    if not header:
        raise CardRefused("card.none")
    if len(header) > LONGEST_HEADER:
        raise CardRefused("card.too_long")
    text = urllib.parse.unquote(header)
    pem = _PEM.fullmatch(text)
    if pem is None or urllib.parse.quote(text, safe="") != header:
        raise CardRefused("card.malformed")
    with suppress(*UNREADABLE):
        raw = base64.b64decode(pem[1].replace("\n", ""), validate=True)
        certificate = x509.load_der_x509_certificate(raw)
        # Names and extensions are read when they are first asked for: now, not in the middle of a check.
        if (
            certificate.public_bytes(Encoding.PEM).decode() == text
            and certificate.subject
            and certificate.issuer
        ):
            _ = certificate.extensions
            return certificate
    raise CardRefused("card.malformed")


def check_by_itself(certificate: x509.Certificate, *, policies: Set[str], now: datetime) -> None:
    """Everything that the certificate says of itself. Raises CardRefused."""
    if certificate.version is not x509.Version.v3:
        raise CardRefused("card.version")
    if now < certificate.not_valid_before_utc:
        raise CardRefused("card.not_yet")
    if now > certificate.not_valid_after_utc:
        raise CardRefused("card.expired")
    if not _is_strong(certificate):
        raise CardRefused("card.weak")
    _check_usage(certificate.extensions, policies)


def national_number(certificate: x509.Certificate) -> str:
    """The eleven digits of the holder's number, which the subject says once. Raises CardRefused."""
    said = [
        attribute.value for attribute in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    ]
    if len(said) == 1 and isinstance(said[0], str):
        # Suppressed and not chained: the error of the kernel quotes what it read.
        with suppress(IdentifierError):
            if parse_niss(said[0]) == said[0]:
                return said[0]
    raise CardRefused("card.national_number")


def _is_strong(certificate: x509.Certificate) -> bool:
    with suppress(*UNREADABLE):
        key = certificate.public_key()
        return isinstance(certificate.signature_hash_algorithm, HASHES) and (
            (isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA_BITS)
            or (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES))
        )
    return False


def _check_usage(extensions: x509.Extensions, policies: Set[str]) -> None:
    """A certificate with which its holder proves who they are at a server, and signs nothing else."""
    usage = _said(extensions, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        raise CardRefused("card.usage")
    if usage.content_commitment:
        raise CardRefused("card.signature_certificate")
    constraints = _said(extensions, x509.BasicConstraints)
    if usage.key_cert_sign or usage.crl_sign or (constraints is not None and constraints.ca):
        raise CardRefused("card.authority")
    purposes = _said(extensions, x509.ExtendedKeyUsage)
    if purposes is None or ExtendedKeyUsageOID.CLIENT_AUTH not in purposes:
        raise CardRefused("card.purpose")
    named = _said(extensions, x509.CertificatePolicies)
    if named is None or policies.isdisjoint(policy.policy_identifier.dotted_string for policy in named):
        raise CardRefused("card.policy")


def _said(extensions: x509.Extensions, kind: type[Kind]) -> Kind | None:
    with suppress(x509.ExtensionNotFound):
        return extensions.get_extension_for_class(kind).value
    return None
