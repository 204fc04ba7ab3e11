"""An identity provider in another process, and keys to forge tokens with."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from secal.access import oidc
from secal.access import provider as identity
from secal.access.identities import niss_index
from secal.access.models import User
from secal.access.roles import Role
from secal.access.verifier import Expectation
from tests.access.forging import NISS, Forged, claims_of
from tests.changing import change

SUBJECT = "person-1"
PROVIDER = identity.Provider(
    issuer="https://identity.example",
    authorization_endpoint="https://identity.example/ask",
    token_endpoint="https://identity.example/token",
    jwks_uri="https://identity.example/keys",
)
Answer = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """No test sees the provider that another one met."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def provider_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "provider", "use": "sig"}, private=True)


@pytest.fixture(scope="session")
def other_key() -> RSAKey:
    """Somebody else's, under the provider's name for its own."""
    return RSAKey.generate_key(2048, {"kid": "provider"}, private=True)


@pytest.fixture(scope="session")
def start_provider() -> Iterator[Callable[..., str]]:
    """Start the real provider program with these arguments; gives its address."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> str:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "secal.config.demo.identity", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="session")
def provider_address(start_provider: Callable[..., str]) -> str:
    return start_provider()


@pytest.fixture
def real_provider(settings: Any, provider_address: str) -> str:
    """The office logs in at the real provider program."""
    settings.OIDC_ISSUER = provider_address
    return provider_address


@pytest.fixture
def luc(make_user: Callable[..., User]) -> User:
    """A member of staff with a number and a name at the provider."""
    user = make_user(Role.CASE_OFFICER, given_name="Luc")
    change(user, subject=SUBJECT, niss_bi=niss_index(NISS))
    return user


@pytest.fixture
def answer(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Asks, and has the provider answer with what `make` makes of the claims of a good token."""
    settings.OIDC_ISSUER = PROVIDER.issuer
    monkeypatch.setattr(identity, "discover", lambda: PROVIDER)

    def come_back(
        browser: Client, make: Callable[[dict[str, Any]], Forged], *, question: str = "access:begin"
    ) -> Any:
        browser.get(reverse(question))
        asked = browser.session[oidc.QUESTION]
        expected = Expectation(
            issuer=PROVIDER.issuer,
            client_id=settings.OIDC_CLIENT_ID,
            nonce=asked["nonce"],
            acr=settings.OIDC_ACR,
            now=identity.now(),
            max_age=settings.OIDC_MAX_AGE,
        )
        forged = make(claims_of(expected, subject=SUBJECT))
        monkeypatch.setattr(identity, "exchange_code", lambda provider, **words: forged.token)
        monkeypatch.setattr(identity, "signing_keys", lambda provider, *, again=False: forged.keys)
        return browser.get(reverse("access:callback"), {"code": "a-code", "state": asked["state"]})

    return come_back
