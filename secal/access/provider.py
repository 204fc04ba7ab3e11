"""The identity provider at the other end of a wire: its addresses, its keys, the exchange of a code."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

KEPT_SECONDS = 3600
KEYS_ASKED_AGAIN_AFTER = 60
"""Seconds between two requests for new keys: a forged key name must not make us flood the provider."""
PATIENCE = (3, 5)
"""Seconds to connect and to wait for an answer."""
LARGEST_ANSWER = 262_144
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ProviderUnavailable(Exception):
    """The provider does not answer, or answers what cannot be right. Nobody can log in meanwhile."""


class CodeRefused(Exception):
    """The provider does not accept the code: used before, too old, or not ours."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the provider's parts are, as it says itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


def address_is_safe(address: str) -> bool:
    """Encrypted; or on this very machine where the settings allow it (demonstration, tests)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and settings.OIDC_LOOPBACK_ALLOWED and parts.hostname in LOOPBACK


def discover() -> Provider:
    """The provider named in the settings, as it describes itself; remembered for an hour."""
    issuer = settings.OIDC_ISSUER
    described = _remembered(
        f"oidc-discovery:{issuer}", f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    )
    try:
        provider = Provider(
            issuer=described["issuer"],
            authorization_endpoint=described["authorization_endpoint"],
            token_endpoint=described["token_endpoint"],
            jwks_uri=described["jwks_uri"],
        )
    except KeyError as error:
        raise ProviderUnavailable("the description lacks an address") from error
    if provider.issuer != issuer:
        raise ProviderUnavailable("the description is another provider's")
    for address in (provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri):
        if not isinstance(address, str) or not address_is_safe(address):
            raise ProviderUnavailable("an address of the provider is not safe")
    return provider


def signing_keys(provider: Provider, *, again: bool = False) -> KeySet:
    """The provider's public keys; `again` asks anew, unless that was done a moment ago."""
    name = f"oidc-keys:{provider.jwks_uri}"
    if again and cache.add(f"{name}:asked", True, KEYS_ASKED_AGAIN_AFTER):
        cache.delete(name)
    try:
        return KeySet.import_key_set(_remembered(name, provider.jwks_uri))  # type: ignore[arg-type]
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise ProviderUnavailable("the keys cannot be read") from error


def client(redirect_uri: str) -> OAuth2Session:
    """Authlib's side of the protocol: code flow with proof key (S256)."""
    return OAuth2Session(
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        scope=settings.OIDC_SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def exchange_code(provider: Provider, *, code: str, code_verifier: str, redirect_uri: str) -> str:
    """The ID token that the provider gives for a code. Raises CodeRefused, ProviderUnavailable."""
    try:
        with client(redirect_uri) as session:
            answer = session.fetch_token(
                provider.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=code_verifier,
                timeout=PATIENCE,
                allow_redirects=False,
            )
    except OAuthError as error:
        raise CodeRefused("the provider refused the code") from error
    except (requests.RequestException, ValueError, KeyError) as error:
        raise ProviderUnavailable("the provider did not answer") from error
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise CodeRefused("no ID token came with the answer")
    return token


def now() -> int:
    return int(time.time())


def _remembered(name: str, address: str) -> dict[str, Any]:
    known = cache.get(name)
    if known is None:
        known = _fetch(address)
        cache.set(name, known, KEPT_SECONDS)
    return dict(known)


def _fetch(address: str) -> dict[str, Any]:
    if not address_is_safe(address):
        raise ProviderUnavailable("the provider's address is not safe")
    try:
        with requests.get(address, timeout=PATIENCE, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                raise ProviderUnavailable(f"the provider answered {answer.status_code}")
            body = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
            if len(body) > LARGEST_ANSWER:
                raise ProviderUnavailable("the provider's answer is too long")
            answer._content = body
            described = answer.json()
    except (requests.RequestException, ValueError, OSError) as error:
        raise ProviderUnavailable("the provider did not answer") from error
    if not isinstance(described, dict):
        raise ProviderUnavailable("the provider's answer is no object")
    return described
