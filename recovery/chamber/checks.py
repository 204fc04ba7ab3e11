"""System checks of the feed: started with a wrong setting, the office says so before the first list comes."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from recovery.chamber.pins import PinsUnusable, read_pins
from recovery.chamber.wire import address_is_safe


@register(Tags.security, deploy=True)
def chamber_is_known(**kwargs: Any) -> list[CheckMessage]:
    """An address with encryption, a name to expect, and at least one key to believe. The portal only asks how
    fresh the list is."""
    found: list[CheckMessage] = []
    if settings.SITE.admits_portal:
        return found
    if settings.CHAMBER_URL and not address_is_safe(settings.CHAMBER_URL):
        found.append(
            Error(
                "CHAMBER_URL is not an https address.",
                hint="Set CHAMBER_URL to the https address of the Chamber's list; none: it comes as a file.",
                id="chamber.E001",
            )
        )
    if not settings.CHAMBER_ISSUER:
        found.append(
            Error(
                "CHAMBER_ISSUER names nobody.",
                hint="Set CHAMBER_ISSUER to the name by which the Chamber signs its messages.",
                id="chamber.E004",
            )
        )
    try:
        pins = read_pins(settings.CHAMBER_KEYS)
    except PinsUnusable as error:
        found.append(Error(f"CHAMBER_KEYS cannot be used: {error}.", hint=KEYS_HINT, id="chamber.E002"))
    else:
        if not pins:
            found.append(Error("CHAMBER_KEYS names no key.", hint=KEYS_HINT, id="chamber.E003"))
    return found


KEYS_HINT = (
    "Set CHAMBER_KEYS to a JWK set of public keys (Ed25519 or P-256), each with kid, valid_from, valid_until."
    " Without one no list is accepted, and the portal stays closed."
)
