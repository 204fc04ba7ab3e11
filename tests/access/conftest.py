"""An identity provider in another process, and keys to forge tokens with."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from joserfc.jwk import RSAKey

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
