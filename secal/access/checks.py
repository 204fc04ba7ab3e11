"""System checks of the login: started with a wrong setting, the office says so before anybody can log in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from secal.access.eid.checks import second_door_is_safe
from secal.access.provider import address_is_safe

__all__ = ["identity_provider_is_safe", "second_door_is_safe"]


@register(Tags.security, deploy=True)
def identity_provider_is_safe(**kwargs: Any) -> list[CheckMessage]:
    """The provider is reached by https; only a demonstration or test may use one on its own machine."""
    found: list[CheckMessage] = []
    if not address_is_safe(settings.OIDC_ISSUER):
        found.append(
            Error(
                "OIDC_ISSUER is not an https address.",
                hint="Set OIDC_ISSUER to the https address of the identity provider.",
                id="access.E001",
            )
        )
    if settings.OIDC_LOOPBACK_ALLOWED and not settings.DEMO_BANNER:
        found.append(
            Error(
                "An identity provider without encryption would be accepted.",
                hint="Leave OIDC_LOOPBACK_ALLOWED to the settings of demonstration and tests.",
                id="access.E002",
            )
        )
    if not settings.OIDC_ACR:
        found.append(
            Error(
                "No level of assurance is asked of the identity provider.",
                hint="Set OIDC_ACR to the level that proves the use of the identity card.",
                id="access.E003",
            )
        )
    return found
