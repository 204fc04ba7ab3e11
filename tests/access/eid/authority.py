"""A throw-away authority that issues cards: root, issuer, revocation lists, and ways to get them wrong."""

import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NISS = "68052199829"
POLICY = "2.16.56.12.1.1.2.2"
"""Of authentication certificates of citizens, as the test settings believe it."""
SIGNING_POLICY = "2.16.56.12.1.1.2.1"
DAY = timedelta(days=1)
Digest = hashes.SHA224 | hashes.SHA256 | hashes.SHA384 | hashes.SHA512
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


def usage(**said: bool) -> x509.KeyUsage:
    """A key usage that says these things only."""
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: said.get(name, False) for name in names})


def person(*numbers: str) -> x509.Name:
    """The subject of a card, with these serial numbers."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BE"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Luc Dubois (Authentication)"),
            *[x509.NameAttribute(NameOID.SERIAL_NUMBER, number) for number in numbers],
        ]
    )


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """A certificate that may issue others, and its key."""

    certificate: x509.Certificate
    key: Key

    def issue(
        self,
        subject: x509.Name,
        public_key: Any,
        extensions: Sequence[tuple[x509.ExtensionType, bool]],
        *,
        now: datetime,
        begins: timedelta = -DAY,
        ends: timedelta = 365 * DAY,
        digest: Digest | None = None,
    ) -> x509.Certificate:
        return build(
            self.certificate.subject, self.key, subject, public_key, extensions, now, begins, ends, digest
        )

    def authority(
        self,
        name: str,
        *,
        now: datetime,
        depth: int | None = 0,
        ca: bool = True,
        said: x509.KeyUsage | None = None,
        **period: Any,
    ) -> "Authority":
        """An authority under this one."""
        key = new_key()
        extensions = of_authority(key, self.key, depth=depth, ca=ca, said=said)
        return Authority(self.issue(named(name), key.public_key(), extensions, now=now, **period), key)

    def card(
        self,
        *,
        now: datetime,
        subject: x509.Name | None = None,
        key: Any = None,
        change: dict[type[x509.ExtensionType], x509.ExtensionType | None] | None = None,
        **issued: Any,
    ) -> x509.Certificate:
        """An authentication certificate; `change` replaces extensions, or takes them away."""
        public = (key or new_key()).public_key()
        extensions: dict[type[x509.ExtensionType], tuple[x509.ExtensionType, bool]] = {
            x509.AuthorityKeyIdentifier: (identifier_of(self.key), False),
            x509.KeyUsage: (usage(digital_signature=True), True),
            x509.ExtendedKeyUsage: (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
            x509.CertificatePolicies: (policies(POLICY), False),
        }
        for kind, value in (change or {}).items():
            _old, critical = extensions.pop(kind, (None, True))
            if value is not None:
                extensions[kind] = (value, critical)
        return self.issue(subject or person(NISS), public, list(extensions.values()), now=now, **issued)

    def revocations(
        self,
        *serials: int,
        now: datetime,
        made: timedelta = timedelta(hours=-1),
        ends: timedelta | None = 7 * DAY,
        name: x509.Name | None = None,
        key: Key | None = None,
        digest: Digest | None = None,
        extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    ) -> x509.CertificateRevocationList:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(name or self.certificate.subject)
            .last_update(now + made)
            .next_update(now + (ends or 7 * DAY))
        )
        for serial in serials:
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - DAY)
            builder = builder.add_revoked_certificate(revoked.build())
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(key or self.key, digest or hashes.SHA384())


def identifier_of(key: Key) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def policies(*dotted: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(policy), None) for policy in dotted]
    )


def of_authority(
    key: Key, issuer: Key, *, depth: int | None, ca: bool = True, said: x509.KeyUsage | None = None
) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=ca, path_length=depth if ca else None), True),
        (said or usage(key_cert_sign=True, crl_sign=True), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (identifier_of(issuer), False),
    ]


def root(name: str, *, now: datetime, **period: Any) -> Authority:
    key = new_key()
    extensions = of_authority(key, key, depth=None)
    begins, ends = period.get("begins", -DAY), period.get("ends", 3650 * DAY)
    certificate = build(named(name), key, named(name), key.public_key(), extensions, now, begins, ends, None)
    return Authority(certificate, key)


def build(
    issuer: x509.Name,
    issuer_key: Key,
    subject: x509.Name,
    public_key: Any,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
    now: datetime,
    begins: timedelta,
    ends: timedelta,
    digest: Digest | None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, digest or hashes.SHA384())


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def escaped(text: str) -> str:
    """As nginx escapes `$ssl_client_escaped_cert`."""
    return urllib.parse.quote(text, safe="")


@dataclass
class World:
    """What is issued and believed at this moment; a case of a test changes one thing of it."""

    now: datetime
    root: Authority = field(init=False)
    issuer: Authority = field(init=False)
    roots: list[x509.Certificate] = field(init=False)
    issuers: list[x509.Certificate] = field(init=False)
    lists: list[x509.CertificateRevocationList | bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.root = root("Belgium Root CA of nobody", now=self.now)
        self.issuer = self.root.authority("Citizen CA of nobody", now=self.now)
        self.roots = [self.root.certificate]
        self.issuers = [self.issuer.certificate]
        self.lists = [
            self.issuer.revocations(now=self.now),
            # Lists about authorities are made seldom.
            self.root.revocations(now=self.now, made=-30 * DAY, ends=90 * DAY),
        ]

    def card(self, **changes: Any) -> x509.Certificate:
        return self.issuer.card(now=self.now, **changes)

    def under(self, issuer: Authority) -> None:
        """Another issuer takes the place of ours, its own list with it."""
        self.issuer = issuer
        self.issuers = [issuer.certificate]
        self.lists = [issuer.revocations(now=self.now), self.lists[1]]

    def write(self, folder: Path) -> dict[str, Any]:
        """The files of the settings, and the settings that name them."""
        lists = folder / "lists"
        lists.mkdir(parents=True, exist_ok=True)
        for old in lists.iterdir():
            old.unlink()
        for position, one in enumerate(self.lists):
            raw = one if isinstance(one, bytes) else one.public_bytes(Encoding.DER)
            (lists / f"{position}.crl").write_bytes(raw)
        (folder / "roots.pem").write_text("".join(map(pem, self.roots)))
        (folder / "issuers.pem").write_text("".join(map(pem, self.issuers)))
        return {
            "EID_ROOTS": str(folder / "roots.pem"),
            "EID_ISSUERS": str(folder / "issuers.pem"),
            "EID_REVOCATIONS": str(lists),
            "EID_POLICIES": [POLICY],
        }
