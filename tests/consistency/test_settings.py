"""Each deployment's settings hold what they promise."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from environs import EnvError

from secal.config.settings.base import database

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "secal.config.settings.production",
    "DATABASE_URL": "postgresql://secal_app:x@db.invalid/secal",
    "DOOR_DATABASE_URL": "postgresql://secal_door:x@db.invalid/secal",
    "OWNER_DATABASE_URL": "postgresql://secal_owner:x@db.invalid/secal",
    "REDIS_URL": "rediss://broker.invalid/0",
    "SECRET_KEY": "".join(chr(33 + number % 90) for number in range(70)),
    "VAULT_KEK": "a2V5LWVuY3J5cHRpb24ta2V5LW9mLXRlc3RzLTMyYnk=",
    "BLIND_INDEX_KEY": "YmxpbmQtaW5kZXgta2V5LW9mLXRlc3RzLTMyLWJ5dGU=",
    "ALLOWED_HOSTS": "secal.invalid",
    "OIDC_ISSUER": "https://login.invalid",
    "OIDC_CLIENT_SECRET": "x",
    "OFFICE_IBAN": "BE68539007547034",
    "OFFICE_BIC": "GKCCBEBB",
    "ONSS_IBAN": "BE43068999999501",
    "CONCESSIONAIRE_NAME": "Concession SRL",
    "BANK_URL": "https://bank.invalid",
    "CHAMBER_URL": "https://chamber.invalid/list",
    "CHAMBER_ISSUER": "https://chamber.invalid",
    "CHAMBER_KEYS": json.dumps(
        {
            "keys": [
                {
                    "kty": "OKP",
                    "crv": "Ed25519",
                    "x": "ndCmje5YQLQtXDWSZGyebLHp2WyJ4OlNi9Y5euggDLQ",
                    "kid": "chamber-1",
                    "valid_from": "2026-01-01T00:00:00+01:00",
                    "valid_until": "2028-01-01T00:00:00+01:00",
                }
            ]
        }
    ),
}


PORTAL = {
    **{name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"},
    "SECAL_SITE": "portal",
    "PORTAL_DATABASE_URL": "postgresql://secal_portal:x@db.invalid/secal",
}


def _check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    keep = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [
            sys.executable,
            "-W",
            "error::DeprecationWarning:secal",
            "-m",
            "django",
            "check",
            "--deploy",
            "--fail-level",
            "INFO",
        ],
        cwd=ROOT,
        env={**keep, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.obligation("17/006 §20")
@pytest.mark.parametrize("environment", [PRODUCTION, PORTAL], ids=["office", "portal"])
def test_production_settings_pass_the_deployment_check(environment: dict[str, str]) -> None:
    result = _check(environment)
    assert result.returncode == 0, result.stderr[-2000:]


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "VAULT_KEK",
        "BLIND_INDEX_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "DOOR_DATABASE_URL",
        "OIDC_ISSUER",
        "BANK_URL",
    ],
)
def test_production_refuses_to_start_without_a_secret_or_address(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in PRODUCTION.items():
        monkeypatch.setenv(variable, value)
    runpy.run_module("secal.config.settings.production")
    monkeypatch.delenv(name)
    with pytest.raises(EnvError, match=name):
        runpy.run_module("secal.config.settings.production")


@pytest.mark.parametrize("name", ["PORTAL_DATABASE_URL", "DOOR_DATABASE_URL"])
def test_the_portal_refuses_to_start_without_its_own_database_users(name: str) -> None:
    result = _check({variable: value for variable, value in PORTAL.items() if variable != name})
    assert result.returncode != 0
    assert name in result.stderr


def test_the_example_environment_names_every_variable() -> None:
    named = {
        line.partition("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line
    }
    assert {*PRODUCTION, *PORTAL} <= named


@pytest.mark.obligation("17/006 §20")
def test_what_an_address_says_of_encryption_reaches_the_database_server() -> None:
    options = database(
        "postgresql://u:p@db.invalid:5433/secal?sslmode=verify-full&options=-c%20lock_timeout%3D9"
    )
    assert (options["NAME"], options["HOST"], options["PORT"]) == ("secal", "db.invalid", "5433")
    said: Any = options["OPTIONS"]
    assert said["sslmode"] == "verify-full"
    assert said["options"] == "-c lock_timeout=9 -c search_path=public,pg_temp"


@pytest.mark.django_db
def test_the_text_of_a_statement_holds_none_of_its_values() -> None:
    """What the server shows and logs of a statement is its text; the values travel beside it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_query(), %s::text", ["88041200259"])
        text, value = cursor.fetchone()
    assert value == "88041200259"
    assert value not in text
