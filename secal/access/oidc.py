"""Login by OpenID Connect: the question put to the identity provider, and what its answer proves.

Code flow with proof key, state and nonce. One question at a time a browser; it is forgotten by the first
answer, right or wrong, so that neither state nor code can be used twice.
"""

import hmac
import secrets
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from secal.access import provider as identity
from secal.access.identities import Proven, niss_index
from secal.access.verifier import Expectation, Proof, TokenRefused, UnknownKey, verify_id_token

QUESTION = "login_question"
QUESTION_LASTS = 600
"""Seconds within which the provider must have answered."""


class LoginRefused(Exception):
    """The answer opens nothing. `code` goes to the security log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def begin(request: HttpRequest, *, wanted: str, afresh: bool = False) -> str:
    """Remember a fresh question in the session; returns the provider's address to send the browser to.

    `afresh` asks for the card again, however recently the provider saw it.
    """
    provider = identity.discover()
    question = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(64),
        "asked_at": identity.now(),
        "wanted": wanted,
        "afresh": afresh,
    }
    with identity.client(_callback(request)) as client:
        address, _state = client.create_authorization_url(
            provider.authorization_endpoint,
            state=question["state"],
            nonce=question["nonce"],
            code_verifier=question["verifier"],
            acr_values=settings.OIDC_ACR,
            max_age=0 if afresh else settings.OIDC_MAX_AGE,
            ui_locales=getattr(request, "LANGUAGE_CODE", "fr"),
            **({"prompt": "login"} if afresh else {}),
        )
    request.session[QUESTION] = question
    return str(address)


def complete(request: HttpRequest) -> Proven:
    """Whom the provider's answer proves. Raises LoginRefused, ProviderUnavailable."""
    question = request.session.pop(QUESTION, None)
    now = identity.now()
    if question is None or now - question["asked_at"] > QUESTION_LASTS:
        raise LoginRefused("login.not_asked")
    if not hmac.compare_digest(question["state"].encode(), request.GET.get("state", "").encode()):
        raise LoginRefused("login.state")
    provider = identity.discover()
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise LoginRefused("login.issuer")
    if "error" in request.GET or not request.GET.get("code"):
        raise LoginRefused("login.declined")
    try:
        token = identity.exchange_code(
            provider,
            code=request.GET["code"],
            code_verifier=question["verifier"],
            redirect_uri=_callback(request),
        )
        expected = Expectation(
            issuer=provider.issuer,
            client_id=settings.OIDC_CLIENT_ID,
            nonce=question["nonce"],
            acr=settings.OIDC_ACR,
            now=now,
            max_age=_oldest_use(question, now),
        )
        proof = _proof(token, provider, expected)
    except identity.CodeRefused as error:
        raise LoginRefused("login.code") from error
    except TokenRefused as error:
        raise LoginRefused(error.code) from error
    return Proven(
        subject=proof.subject,
        niss_bi=niss_index(proof.niss),
        authenticated_at=datetime.fromtimestamp(proof.auth_time, UTC),
        level=proof.acr,
        wanted=question["wanted"],
    )


def _oldest_use(question: dict[str, Any], now: int) -> int:
    """Seconds since the card was used, at most; asked afresh, it must have been used since we asked."""
    oldest: int = settings.OIDC_MAX_AGE
    return min(oldest, now - question["asked_at"]) if question["afresh"] else oldest


def _proof(token: str, provider: identity.Provider, expected: Expectation) -> Proof:
    try:
        return verify_id_token(token, identity.signing_keys(provider), expected)
    except UnknownKey:
        # The provider may have changed its keys since we remembered them: ask once more.
        return verify_id_token(token, identity.signing_keys(provider, again=True), expected)


def _callback(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("access:callback"))
