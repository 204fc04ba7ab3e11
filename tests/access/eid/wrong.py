"""Cards and headers that open nothing: each is a good one but for one thing."""

import base64
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from secal.kernel.identifiers import compose_niss
from tests.access.eid.authority import (
    DAY,
    NISS,
    SIGNING_POLICY,
    Authority,
    World,
    build,
    escaped,
    new_key,
    pem,
    person,
    policies,
    root,
    usage,
)

Header = str
HOUR = timedelta(hours=1)
UNKNOWN = compose_niss(date(1990, 1, 1), 997)


@dataclass(frozen=True)
class Case:
    make: Callable[[World], Header]
    code: str
    """What the security log says."""


def _card(code: str, **changes: Any) -> Case:
    """A card issued otherwise, by the right authority."""
    return Case(lambda world: _handed(world.card(**changes)), code)


def _said(code: str, kind: type[x509.ExtensionType], value: x509.ExtensionType | None) -> Case:
    return _card(code, change={kind: value})


def _numbers(*numbers: str, code: str = "card.national_number") -> Case:
    return _card(code, subject=person(*numbers))


def _handed(certificate: x509.Certificate) -> Header:
    return escaped(pem(certificate))


def _text(change: Callable[[str], str], code: str = "card.malformed") -> Case:
    """The PEM of a good card changed, then escaped as the proxy does."""
    return Case(lambda world: escaped(change(pem(world.card()))), code)


def _header(change: Callable[[str], str], code: str = "card.malformed") -> Case:
    """The escaped header of a good card changed."""
    return Case(lambda world: change(_handed(world.card())), code)


def _der(change: Callable[[bytes], bytes], code: str = "card.malformed") -> Case:
    """The bytes of a good card changed, and written as a good PEM."""

    def make(world: World) -> Header:
        return escaped(as_pem(change(world.card().public_bytes(Encoding.DER))))

    return Case(make, code)


def as_pem(raw: bytes) -> str:
    body = base64.b64encode(raw).decode()
    lines = "".join(f"{body[start : start + 64]}\n" for start in range(0, len(body), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"


def _issuer(code: str = "card.chain", **changes: Any) -> Case:
    """A card of an issuer that is wrong."""

    def make(world: World) -> Header:
        world.under(world.root.authority("Citizen CA of nobody", now=world.now, **changes))
        return _handed(world.card())

    return Case(make, code)


def _lists(change: Callable[[World], None], code: str) -> Case:
    """A good card, and other revocation lists."""

    def make(world: World) -> Header:
        change(world)
        return _handed(world.card())

    return Case(make, code)


def _list_of_cards(code: str, **changes: Any) -> Case:
    def change(world: World) -> None:
        world.lists[0] = world.issuer.revocations(now=world.now, **changes)

    return _lists(change, code)


def _drop(position: int) -> Callable[[World], None]:
    def change(world: World) -> None:
        del world.lists[position]

    return change


def _other_root(world: World) -> Header:
    other = root("Belgium Root CA of nobody", now=world.now)
    issuer = other.authority("Citizen CA of nobody", now=world.now)
    world.issuers.append(issuer.certificate)
    world.lists += [issuer.revocations(now=world.now), other.revocations(now=world.now)]
    return _handed(issuer.card(now=world.now))


def _forged_by_name(world: World) -> Header:
    """Everything as our issuer writes it, but the key."""
    forger = Authority(world.issuer.certificate, new_key())
    return _handed(forger.card(now=world.now))


def _self_signed(world: World) -> Header:
    key = new_key()
    mine = Authority(
        build(person(NISS), key, person(NISS), key.public_key(), [], world.now, -DAY, DAY, None), key
    )
    return _handed(mine.card(now=world.now, key=key))


def _self_signed_and_believed(world: World) -> Header:
    """A card that its holder signed is no card, though a mistake put it among the issuers."""
    header = _self_signed(world)
    world.issuers.append(x509.load_pem_x509_certificate(_unescaped(header).encode()))
    return header


def _unescaped(header: Header) -> str:
    return urllib.parse.unquote(header)


def _issuer_missing(world: World) -> Header:
    world.issuers = []
    return _handed(world.card())


def _roots_missing(world: World) -> Header:
    world.roots = []
    return _handed(world.card())


def _old_root(world: World) -> Header:
    old = root("Belgium Root CA of nobody", now=world.now, begins=-10 * DAY, ends=-DAY)
    world.roots, world.root = [old.certificate], old
    world.under(old.authority("Citizen CA of nobody", now=world.now))
    world.lists[1] = old.revocations(now=world.now)
    return _handed(world.card())


def _below_an_end(world: World) -> Header:
    """An authority under one that may have none under it."""
    below = world.issuer.authority("CA under the Citizen CA", now=world.now)
    world.issuers.append(below.certificate)
    world.lists.append(below.revocations(now=world.now))
    return _handed(below.card(now=world.now))


def _too_deep(world: World) -> Header:
    """Three authorities, each allowed by the one above it."""
    deeper = world.root
    for depth in (3, 2, 1, 0):
        deeper = deeper.authority(f"CA {depth}", now=world.now, depth=depth)
        world.issuers.append(deeper.certificate)
        world.lists.append(deeper.revocations(now=world.now))
    return _handed(deeper.card(now=world.now))


def _card_of_a_card(world: World) -> Header:
    key = new_key()
    holder = Authority(world.card(key=key), key)
    world.issuers.append(holder.certificate)
    world.lists.append(holder.revocations(now=world.now))
    return _handed(holder.card(now=world.now))


def _of_sha1(world: World) -> Header:
    """The library signs nothing with SHA-1 any more: the names of the algorithms are changed in a good card.

    The card's authority would sign it; ours must refuse the algorithm before it looks at the signature."""
    raw = world.card().public_bytes(Encoding.DER)
    sha384, sha1 = bytes.fromhex("2a8648ce3d040303"), bytes.fromhex("2a8648ce3d0401")
    # One byte shorter: the object is padded by an explicit NULL parameter that both places carry.
    assert raw.count(sha384) == 2
    return escaped(as_pem(_replaced(raw, sha384, sha1)))


def _replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The certificate with another algorithm of signature, lengths put right."""
    head = bytes([0x06, len(old)]) + old
    other = bytes([0x06, len(new)]) + new
    short = raw.replace(bytes([0x30, len(head)]) + head, bytes([0x30, len(other)]) + other)
    outer = _measured(short, 0)
    inner = _measured(short, outer[1])
    lost = len(raw) - len(short)
    assert lost == 2 * (len(old) - len(new))
    tbs = _with_length(short, inner[0], inner[2] - lost // 2)
    return _with_length(tbs, outer[0], outer[2] - lost)


def _measured(raw: bytes, at: int) -> tuple[int, int, int]:
    """Where a two-byte length stands, where what it measures begins, and the length itself."""
    assert raw[at] == 0x30
    assert raw[at + 1] == 0x82
    return at + 2, at + 4, int.from_bytes(raw[at + 2 : at + 4])


def _with_length(raw: bytes, at: int, length: int) -> bytes:
    return raw[:at] + length.to_bytes(2) + raw[at + 2 :]


def _revoked_card(world: World) -> Header:
    card = world.card()
    world.lists[0] = world.issuer.revocations(card.serial_number, now=world.now)
    return _handed(card)


def _suspended_card(world: World) -> Header:
    card = world.card()
    held = x509.RevokedCertificateBuilder().serial_number(card.serial_number).revocation_date(world.now - DAY)
    held = held.add_extension(x509.CRLReason(x509.ReasonFlags.certificate_hold), critical=False)
    builder = x509.CertificateRevocationListBuilder().issuer_name(world.issuer.certificate.subject)
    builder = builder.last_update(world.now - HOUR).next_update(world.now + DAY)
    world.lists[0] = builder.add_revoked_certificate(held.build()).sign(world.issuer.key, hashes.SHA384())
    return _handed(card)


def _revoked_since(world: World) -> Header:
    """An earlier list, still good, does not know it yet: the newest counts."""
    card = world.card()
    world.lists.insert(0, world.issuer.revocations(now=world.now, made=-5 * HOUR))
    world.lists.append(world.issuer.revocations(card.serial_number, now=world.now, made=-HOUR / 2))
    return _handed(card)


def _revoked_issuer(world: World) -> Header:
    world.lists[1] = world.root.revocations(world.issuer.certificate.serial_number, now=world.now)
    return _handed(world.card())


def _forged_list(world: World) -> None:
    world.lists[0] = world.issuer.revocations(now=world.now, key=new_key())


def _tampered_list(world: World) -> None:
    one = world.issuer.revocations(now=world.now).public_bytes(Encoding.DER)
    world.lists[0] = one[:-1] + bytes([one[-1] ^ 1])


def _list_of_another_issuer(world: World) -> None:
    other = world.root.authority("Foreigner CA of nobody", now=world.now)
    world.lists[0] = other.revocations(now=world.now)


def _list_by_the_root(world: World) -> None:
    """In the issuer's name, signed by the root."""
    world.lists[0] = world.root.revocations(now=world.now, name=world.issuer.certificate.subject)


def _unreadable_list(world: World) -> None:
    world.lists[0] = b"-----BEGIN X509 CRL-----\nnothing\n-----END X509 CRL-----\n"


def _empty_folder(world: World) -> None:
    world.lists = []


def _two_certificates(world: World) -> Header:
    return escaped(pem(world.card()) + pem(world.issuer.certificate))


def _two_headers(world: World) -> Header:
    """As a server joins them."""
    return f"{_handed(world.card())},{_handed(world.card())}"


def _rewrapped(text: str) -> str:
    """The same bytes in lines of 76."""
    begin, *lines, end, _nothing = text.split("\n")
    body = "".join(lines)
    return "\n".join([begin, *(body[start : start + 76] for start in range(0, len(body), 76)), end, ""])


WRONG: dict[str, Case] = {
    # in force
    "expired": _card("card.expired", begins=-30 * DAY, ends=-DAY),
    "expired a second ago": _card("card.expired", begins=-30 * DAY, ends=timedelta(seconds=-1)),
    "not yet in force": _card("card.not_yet", begins=DAY, ends=30 * DAY),
    # who issued it
    "another root of the same name": Case(_other_root, "card.chain"),
    "another key under the issuer's name": Case(_forged_by_name, "card.chain"),
    "self-signed": Case(_self_signed, "card.chain"),
    "self-signed and among the issuers": Case(_self_signed_and_believed, "card.chain"),
    "issuer missing": Case(_issuer_missing, "card.chain"),
    "no root at all": Case(_roots_missing, "card.chain"),
    "root expired": Case(_old_root, "card.chain"),
    "issuer expired": _issuer(begins=-30 * DAY, ends=-DAY),
    "issuer not yet in force": _issuer(begins=DAY, ends=30 * DAY),
    "issuer that is no authority": _issuer(ca=False, said=usage(digital_signature=True)),
    "issuer that may not sign certificates": _issuer(said=usage(crl_sign=True)),
    "under an authority that may have none under it": Case(_below_an_end, "card.chain"),
    "too many authorities": Case(_too_deep, "card.chain"),
    "issued by a card": Case(_card_of_a_card, "card.chain"),
    # what it is for
    "signature certificate": _said("card.usage", x509.KeyUsage, usage(content_commitment=True)),
    "signature certificate that authenticates too": _said(
        "card.signature_certificate", x509.KeyUsage, usage(digital_signature=True, content_commitment=True)
    ),
    "for key agreement": _said("card.usage", x509.KeyUsage, usage(key_agreement=True)),
    "no key usage": _said("card.usage", x509.KeyUsage, None),
    "may sign certificates": _said(
        "card.authority", x509.KeyUsage, usage(digital_signature=True, key_cert_sign=True)
    ),
    "an authority itself": _said(
        "card.authority", x509.BasicConstraints, x509.BasicConstraints(ca=True, path_length=None)
    ),
    "for servers": _said(
        "card.purpose", x509.ExtendedKeyUsage, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    ),
    "for mail": _said(
        "card.purpose", x509.ExtendedKeyUsage, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    ),
    "for anything": _said(
        "card.purpose",
        x509.ExtendedKeyUsage,
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),
    ),
    "no purpose": _said("card.purpose", x509.ExtendedKeyUsage, None),
    "policy of signatures": _said("card.policy", x509.CertificatePolicies, policies(SIGNING_POLICY)),
    "policy of anything": _said("card.policy", x509.CertificatePolicies, policies("2.5.29.32.0")),
    "policy that begins like ours": _said(
        "card.policy", x509.CertificatePolicies, policies("2.16.56.12.1.1.2.2.1")
    ),
    "no policy": _said("card.policy", x509.CertificatePolicies, None),
    "an extension that matters and that nobody knows": _said(
        "card.chain",
        x509.UnrecognizedExtension,
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"),
    ),
    # how strong
    "short RSA key": _card("card.weak", key=rsa.generate_private_key(65537, 1024)),  # noqa: S505 - short on purpose
    "small curve": _card("card.weak", key=ec.generate_private_key(ec.SECP224R1())),
    "curve of coins": _card("card.weak", key=ec.generate_private_key(ec.SECP256K1())),
    "Edwards key": _card("card.weak", key=ed25519.Ed25519PrivateKey.generate()),
    "DSA key": _card("card.weak", key=dsa.generate_private_key(2048)),
    "signed with SHA-224": _card("card.weak", digest=hashes.SHA224()),
    "signed with SHA-1": Case(_of_sha1, "card.weak"),
    # revoked
    "revoked": Case(_revoked_card, "card.revoked"),
    "suspended": Case(_suspended_card, "card.revoked"),
    "revoked since an earlier list": Case(_revoked_since, "card.revoked"),
    "issuer revoked": Case(_revoked_issuer, "card.revoked"),
    "list about cards of yesterday": _list_of_cards("card.old_revocation_list", made=-25 * HOUR),
    "list of tomorrow": _list_of_cards("card.old_revocation_list", made=DAY),
    "list at its end": _list_of_cards("card.old_revocation_list", ends=timedelta(minutes=-30)),
    "list about authorities at its end": _lists(
        lambda world: world.lists.__setitem__(
            1, world.root.revocations(now=world.now, made=-90 * DAY, ends=-DAY)
        ),
        "card.old_revocation_list",
    ),
    "no list about cards": _lists(_drop(0), "card.no_revocation_list"),
    "no list about authorities": _lists(_drop(1), "card.no_revocation_list"),
    "no list at all": _lists(_empty_folder, "card.no_revocation_list"),
    "list that cannot be read": _lists(_unreadable_list, "card.no_revocation_list"),
    "forged list": _lists(_forged_list, "card.no_revocation_list"),
    "tampered list": _lists(_tampered_list, "card.no_revocation_list"),
    "list of another issuer": _lists(_list_of_another_issuer, "card.no_revocation_list"),
    "list of the issuer by the root": _lists(_list_by_the_root, "card.no_revocation_list"),
    "list of what changed": _list_of_cards(
        "card.no_revocation_list", extensions=[(x509.DeltaCRLIndicator(1), True)]
    ),
    "list of a part": _list_of_cards(
        "card.no_revocation_list",
        extensions=[
            (
                x509.IssuingDistributionPoint(
                    full_name=None,
                    relative_name=None,
                    only_contains_user_certs=False,
                    only_contains_ca_certs=True,
                    only_some_reasons=None,
                    indirect_crl=False,
                    only_contains_attribute_certs=False,
                ),
                True,
            )
        ],
    ),
    "list signed with SHA-224": _list_of_cards("card.no_revocation_list", digest=hashes.SHA224()),
    "issuer that may not sign lists": _issuer("card.no_revocation_list", said=usage(key_cert_sign=True)),
    # whose
    "no number": _numbers(),
    "two numbers": _numbers(NISS, UNKNOWN),
    "the same number twice": _numbers(NISS, NISS),
    "number with wrong check digits": _numbers("68052199830"),
    "number with dots": _numbers("68.05.21-998.29"),
    "number with a space": _numbers(f"{NISS} "),
    "ten digits": _numbers(NISS[:10]),
    "twelve digits": _numbers(f"{NISS}0"),
    "number of an enterprise": _numbers("0123456749"),
    "a letter for a digit": _numbers("6805219982O"),
    "number in the name only": _card(
        "card.national_number",
        subject=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"SERIALNUMBER={NISS}")]),
    ),
    "number of an unknown person": _numbers(UNKNOWN, code="login.unknown_person"),
    # the bytes
    "tampered signature": _der(lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "card.chain"),
    "tampered number": _der(lambda raw: raw.replace(NISS.encode(), b"71031299857"), "card.chain"),
    "signature of zeros": _der(lambda raw: raw[:-8] + bytes(8), "card.chain"),
    "bytes after it": _der(lambda raw: raw + b"\x00"),
    "half of it": _der(lambda raw: raw[: len(raw) // 2]),
    "no certificate": _der(lambda raw: b"\x30\x00"),
    "bare bytes": Case(
        lambda world: escaped(world.card().public_bytes(Encoding.DER).decode("latin-1")), "card.malformed"
    ),
    "base64 alone": Case(
        lambda world: escaped(base64.b64encode(world.card().public_bytes(Encoding.DER)).decode()),
        "card.malformed",
    ),
    # the text
    "truncated": _text(lambda text: text[: len(text) // 2]),
    "without its end": _text(lambda text: text.rpartition("-----END")[0]),
    "without its last line": _text(lambda text: text.rstrip("\n")),
    "a request": _text(lambda text: text.replace("CERTIFICATE-", "CERTIFICATE REQUEST-")),
    "a trusted certificate": _text(lambda text: text.replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-")),
    "words before": _text(lambda text: f"subject=Luc\n{text}"),
    "words after": _text(lambda text: f"{text}words\n"),
    "lines of Windows": _text(lambda text: text.replace("\n", "\r\n")),
    "one line": _text(lambda text: text.replace("\n", "")),
    "lines of another length": _text(_rewrapped),
    "two certificates": Case(_two_certificates, "card.malformed"),
    # the escaping
    "not escaped": _header(_unescaped),
    "escaped twice": _header(escaped),
    "small letters": _header(lambda header: header.replace("%2B", "%2b").replace("%0A", "%0a")),
    "a letter escaped that need not be": _header(lambda header: header.replace("M", "%4D", 1)),
    "plus for space": _header(lambda header: header.replace("%20", "+")),
    "broken escape": _header(lambda header: header.replace("%0A", "%0", 1)),
    "a zero byte": _header(lambda header: header + "%00"),
    "no letters of ours": _header(lambda header: header + "%FF"),
    "quoted": _header(lambda header: f'"{header}"'),
    "a space before": _header(lambda header: f" {header}"),
    "tabs as old nginx wrote it": Case(
        lambda world: pem(world.card()).replace("\n", "\n\t").rstrip("\t"), "card.malformed"
    ),
    "two headers joined": Case(_two_headers, "card.malformed"),
    "only the word of the proxy": _header(lambda header: "SUCCESS"),
    "empty": _header(lambda header: "", "card.none"),
    "too long": _header(lambda header: header * 20, "card.too_long"),
}
"""By name. Each leaves one row in the security log, with this code as its reason."""
