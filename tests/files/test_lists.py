"""Worklist, lists and search: only what the person may open, most urgent first, at a price that does not
grow."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.cases.models import AlimonyFile, WorkItem
from secal.kernel.identifiers import format_niss, format_ogm
from secal.people.services import add_account
from tests import stories

ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]
SEARCH, WORKLIST = "/recherche/", "/dossiers/a-faire/"


def _search(client: Client, text: str) -> Any:
    return client.post(SEARCH, {"q": text})


def test_the_worklist_says_what_why_since_when_and_by_when_overdue_first(
    registrar: User, officer: User, other_officer: User, client_for: ClientFor, security_log: Log
) -> None:
    late = stories.register_file(
        registrar=registrar, officer=officer, received_on=date(2026, 9, 1), on=date(2026, 9, 1)
    )
    fresh = stories.register_file(registrar=registrar, officer=officer, on=date(2026, 11, 20))
    foreign = stories.register_file(registrar=registrar, officer=other_officer)
    text = client_for(officer).get(WORKLIST).content.decode()
    assert text.index(late.number) < text.index(fresh.number)
    assert foreign.number not in text
    assert "en retard de" in text and "Els Peeters contre Tom Maes" in text and "art. 9 §1" in text
    assert f"/avances/decider/{late.pk}/" in text
    assert {row["file"] for row in security_log(act="worklist.view", kind="READ")} == {late.pk, fresh.pk}


def test_the_worklist_is_filtered_by_kind(registrar: User, officer: User, client_for: ClientFor) -> None:
    parties: dict[str, Any] = {"creditor": stories.els(), "debtor": stories.tom()}
    for _time in range(2):
        stories.register_file(registrar=registrar, officer=officer, **parties)
    client = client_for(officer)
    assert client.get(WORKLIST).content.decode().count('class="task"') == 3
    assert client.get(WORKLIST, {"kind": "second_application"}).content.decode().count('class="task"') == 1
    assert client.get(WORKLIST, {"kind": "nonsense"}).status_code == 200


def test_work_done_leaves_the_list(registrar: User, officer: User, client_for: ClientFor) -> None:
    stories.granted_file(registrar=registrar, officer=officer)
    assert "Rien à faire" in client_for(officer).get(WORKLIST).content.decode()


def test_the_second_signatory_sees_the_work_of_the_section(
    registrar: User, officer: User, approver: User, client_for: ClientFor
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    assert file.number in client_for(approver).get(WORKLIST).content.decode()


@pytest.mark.parametrize("by", ["niss", "niss_compact", "number", "number_short", "ogm", "iban", "child"])
def test_an_exact_number_leads_straight_to_the_file(
    registrar: User, officer: User, client_for: ClientFor, by: str
) -> None:
    creditor, child = stories.els(), stories.child()
    file = stories.register_file(registrar=registrar, officer=officer, creditor=creditor, children=[child])
    stories.register_file(registrar=registrar, officer=officer, creditor=stories.els(iban=""))
    _secal, year, serial = file.number.split("-")
    text = {
        "niss": format_niss(creditor.niss),
        "niss_compact": creditor.niss,
        "number": file.number,
        "number_short": f"secal {year}/{int(serial)}",
        "ogm": format_ogm(file.book.communication),
        "iban": stories.IBAN,
        "child": child.niss,
    }[by]
    answer = _search(client_for(officer), text)
    assert (answer.status_code, answer["Location"]) == (302, f"/dossiers/{file.pk}/")


def test_an_account_that_was_given_twice_is_still_one_file(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with service_work("arrival"):
        add_account(file.creditor, iban=stories.IBAN, valid_from=date(2026, 11, 1))
    answer = _search(client_for(officer), stories.IBAN)
    assert (answer.status_code, answer["Location"]) == (302, f"/dossiers/{file.pk}/")


@pytest.mark.parametrize("text", ["lefèvre", "LEFEVRE", "elodie lef", "Lefevre Élodie", "lefebre"])
def test_names_are_found_without_accents_in_any_order_and_when_mistyped(
    registrar: User, officer: User, client_for: ClientFor, text: str
) -> None:
    creditor = stories.els(given_name="Élodie", family_name="Lefèvre")
    file = stories.register_file(registrar=registrar, officer=officer, creditor=creditor)
    other = stories.register_file(registrar=registrar, officer=officer)
    found = _search(client_for(officer), text).content.decode()
    assert file.number in found and other.number not in found


def test_a_search_finds_only_what_the_person_may_open_and_logs_each_line(
    registrar: User, officer: User, other_officer: User, client_for: ClientFor, security_log: Log
) -> None:
    creditor = stories.els()
    mine = stories.register_file(
        registrar=registrar, officer=officer, debtor=stories.tom(family_name="Verbeke")
    )
    theirs = stories.register_file(
        registrar=registrar,
        officer=other_officer,
        creditor=creditor,
        debtor=stories.tom(family_name="Verbeke"),
    )
    client = client_for(officer)
    found = _search(client, "verbeke").content.decode()
    assert mine.number in found and theirs.number not in found
    assert {row["file"] for row in security_log(act="office.search", kind="READ")} == {mine.pk}
    for text in (format_niss(creditor.niss), theirs.number, format_ogm(theirs.book.communication)):
        nothing = _search(client, text)
        assert nothing.status_code == 200 and "Rien n’est trouvé" in nothing.content.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("88.04.12-002.60", ("Compris comme NISS", "88.04.12-002.60", "chiffres de contrôle")),
        ("SECAL-2026-", ("numéro de dossier", "SECAL-2026-000123")),
        ("12345", ("nombre", "12345", "Comptez les chiffres")),
        ("Nihil", ("Compris comme nom", "Nihil", "Rien n’est trouvé")),
    ],
)
def test_a_search_that_finds_nothing_says_how_it_was_understood(
    officer: User, client_for: ClientFor, text: str, words: tuple[str, ...]
) -> None:
    found = _search(client_for(officer), text).content.decode()
    for word in words:
        assert word in found, word


def test_a_registrar_searches_nothing(
    registrar: User, officer: User, client_for: ClientFor, security_log: Log
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    answer = _search(client_for(registrar), file.number)
    assert answer.status_code == 403
    assert security_log(kind="DENY", act="office.search")


def test_lists_and_search_cost_the_same_queries_at_1_10_and_100_rows(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    office, intake = client_for(officer), client_for(registrar)
    asked: dict[str, Callable[[], Any]] = {
        "worklist": lambda: office.get(WORKLIST),
        "files": lambda: office.get("/dossiers/"),
        "search": lambda: _search(office, "maes"),
        "intake": lambda: intake.get("/dossiers/introduction/"),
    }
    costs: dict[str, list[int]] = {name: [] for name in asked}
    for size in (1, 10, 100):
        while AlimonyFile.objects.count() < size:
            stories.register_file(registrar=registrar, officer=officer)
        for name, ask in asked.items():
            ask()
            with CaptureQueriesContext(connection) as queries:
                answer = ask()
            assert answer.status_code == 200
            assert "SECAL-2026-" in answer.content.decode(), name
            costs[name].append(len(queries))
    assert WorkItem.objects.count() == 100
    for name, counts in costs.items():
        assert len(set(counts)) == 1, (name, counts)
        assert counts[0] <= 20, (name, counts)
