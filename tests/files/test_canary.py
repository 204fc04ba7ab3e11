"""A canary: a NISS, an account, an address and a paper go through the whole intake and are found nowhere
in clear."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from secal.access.models import User
from secal.kernel.identifiers import format_iban, format_niss
from tests import stories
from tests.files import wizard

ADDRESS = "Quai des Canaris 97 boîte 13"


def _tables() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
            " AND CASE WHEN has_schema_privilege(table_schema, 'USAGE')"
            " THEN has_table_privilege(format('%I.%I', table_schema, table_name), 'SELECT') END ORDER BY 1, 2"
        )
        return cursor.fetchall()


def _rows_with(needles: list[bytes]) -> Iterator[str]:
    """Every table with a row whose text, or the raw bytes of whose cells, hold one of the needles."""
    for schema, table in _tables():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{schema}"."{table}"')
            columns = [column.name for column in cursor.description or []]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    raw = bytes(value) if isinstance(value, (memoryview, bytes)) else str(value).encode()
                    for needle in needles:
                        if needle in raw:
                            yield f"{schema}.{table}.{column}"


@pytest.fixture
def secrets() -> list[str]:
    creditor, debtor = stories.els(), stories.tom()
    numbers = [creditor.niss, format_niss(creditor.niss), debtor.niss, format_niss(debtor.niss)]
    return [*numbers, stories.IBAN, format_iban(stories.IBAN), ADDRESS]


def test_what_is_sealed_is_found_nowhere_in_clear(
    registrar: User,
    officer: User,
    client_for: Callable[[User], Client],
    security_log: Callable[..., list[dict[str, Any]]],
    secrets: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    addresses: list[str] = []
    creditor_niss, _written, debtor_niss, _also = secrets[:4]
    intake = client_for(registrar)
    draft = wizard.begin(intake)
    typed_creditor = wizard.creditor(niss=creditor_niss, address=ADDRESS)
    bad = intake.post(
        wizard.address(draft, "creancier"), {**typed_creditor, "birth_date": "?", "action": "next"}
    )
    assert bad.status_code == 200
    needles = [secret.encode() for secret in secrets] + [stories.PDF[:40]]
    assert list(_rows_with(needles)) == [], "in the draft"
    wizard.fill(intake, draft, creancier=typed_creditor, debiteur=wizard.debtor(niss=debtor_niss))
    addresses.append(wizard.send(intake, draft)["Location"])
    office = client_for(officer)
    for secret in secrets:
        found = office.post("/recherche/", {"q": secret})
        addresses.append(found.headers.get("Location", ""))
    office.get(f"/dossiers/{draft}/")
    assert len([address for address in addresses if str(draft) in address]) >= 5, "the searches were real"
    assert list(_rows_with(needles)) == []
    output = capfd.readouterr()
    said = " ".join([caplog.text, output.out, output.err, *addresses, str(security_log())])
    for secret in secrets:
        assert secret not in said
    for client in (intake, office):
        kept = str(dict(client.session.items())) + str(client.cookies)
        assert not [secret for secret in secrets if secret in kept]


def test_the_scan_finds_what_lies_in_clear(registrar: User, officer: User) -> None:
    stories.register_file(registrar=registrar, officer=officer)
    found = set(_rows_with([b"Peeters"]))
    assert {"public.people_person.family_name", "public.people_historicalperson.family_name"} <= found
