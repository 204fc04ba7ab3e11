"""The file page, the NISS on request, the giving of a file: over HTTP, with what each leaves in the log."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile, Assignment
from secal.kernel.identifiers import format_niss
from tests import stories
from tests.files import wizard

ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]


def _page(file: AlimonyFile, rest: str = "") -> str:
    return f"/dossiers/{file.pk}/{rest}"


def test_the_file_page_shows_people_figures_ledger_and_what_happened(
    registrar: User, officer: User, client_for: ClientFor, security_log: Log
) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer)
    answer = client_for(officer).get(_page(file))
    text = answer.content.decode()
    assert answer.status_code == 200
    for word in (
        file.number,
        "Els Peeters",
        "Tom Maes",
        "Noor Maes",
        "497,20",
        "Arriérés pris en charge",
        "Luc Dubois",
    ):
        assert word in text.replace("\xa0", " "), word
    assert "declared_differently" not in text
    reads = security_log(kind="READ", actor=officer.pk, file=file.pk)
    assert {row["subject"] for row in reads} >= {file.creditor_id, file.debtor_id, None}
    assert all(row["purpose"] for row in reads)


def test_the_niss_is_masked_until_asked_for_and_asking_is_a_read_of_its_own(
    registrar: User, officer: User, client_for: ClientFor, security_log: Log
) -> None:
    creditor = stories.els()
    file = stories.register_file(registrar=registrar, officer=officer, creditor=creditor)
    client = client_for(officer)
    masked = client.get(_page(file)).content.decode()
    assert format_niss(creditor.niss) not in masked and creditor.niss not in masked
    assert f"••.••.••-••{creditor.niss[8]}.{creditor.niss[9:]}" in masked
    assert not security_log(act="person.identify")
    shown = client.post(_page(file, f"identite/{file.creditor_id}/")).content.decode()
    assert format_niss(creditor.niss) in shown
    rows = security_log(act="person.identify", kind="READ", subject=file.creditor_id)
    assert [row["fields"] for row in rows] == [["niss"]]
    assert client.get(_page(file, f"identite/{file.creditor_id}/")).status_code == 405
    assert client.post(_page(file, f"identite/{officer.pk}/")).status_code == 404


@pytest.mark.obligation("12/057 §22", "forbidden 2")
@pytest.mark.parametrize("rest", ["", "attribution/", "identite/{person}/"])
def test_a_registrar_opens_no_page_of_any_file_not_even_one_that_they_recorded(
    registrar: User,
    officer: User,
    make_user: Callable[..., User],
    client_for: ClientFor,
    security_log: Log,
    rest: str,
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    before = _state(file)
    for user in (registrar, make_user(Role.REGISTRAR)):
        address = _page(file, rest.format(person=file.creditor_id))
        client = client_for(user)
        answer = client.post(address, {"officer": str(officer.pk)}) if rest else client.get(address)
        assert answer.status_code == 403
        assert "Peeters" not in answer.content.decode()
        assert file.number not in answer.content.decode()
        denied = security_log(kind="DENY", actor=user.pk)
        assert [(row["file"], row["reason"]) for row in denied] == [(file.pk, "role_missing")]
    assert _state(file) == before


def _state(file: AlimonyFile) -> list[Any]:
    file.refresh_from_db()
    return [
        file.state,
        list(Assignment.objects.values_list("pk", "officer", "until_at")),
        file.events.count(),
    ]


def test_a_sibling_officer_gets_404_and_a_row(
    registrar: User, officer: User, other_officer: User, client_for: ClientFor, security_log: Log
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    client = client_for(other_officer)
    for answer in (client.get(_page(file)), client.post(_page(file, f"identite/{file.debtor_id}/"))):
        assert answer.status_code == 404
        assert file.number not in answer.content.decode()
    assert [row["reason"] for row in security_log(kind="DENY", actor=other_officer.pk)] == [
        "not_assigned"
    ] * 2


def test_the_second_signatory_gives_the_file_away_on_a_screen(
    registrar: User, officer: User, other_officer: User, approver: User, client_for: ClientFor
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    client = client_for(approver)
    assert "Attribuer à un autre gestionnaire" in client.get(_page(file)).content.decode()
    offered = client.get(_page(file, "attribution/")).content.decode()
    assert "Mia Peeters" in offered and str(registrar.pk) not in offered and str(approver.pk) not in offered
    assert "Choisissez le gestionnaire" in client.post(_page(file, "attribution/"), {}).content.decode()
    refused = client.post(_page(file, "attribution/"), {"officer": str(registrar.pk)})
    assert "Choisissez-en un autre" in refused.content.decode()
    answer = client.post(_page(file, "attribution/"), {"officer": str(other_officer.pk)})
    assert answer.status_code == 302
    assert Assignment.objects.get(file=file, until_at=None).officer == other_officer


def test_who_must_decide_finds_the_act_on_the_page(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    text = client_for(officer).get(_page(file)).content.decode()
    assert f"/avances/decider/{file.pk}/" in text


def test_an_incomplete_files_page_lists_what_is_missing(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer, papers=())
    text = client_for(officer).get(_page(file)).content.decode()
    assert "Pièces de signification" in text and "art. 7" in text


def test_the_file_page_costs_the_same_queries_whatever_it_holds(
    registrar: User, officer: User, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    client = client_for(officer)
    small = stories.granted_file(registrar=registrar, officer=officer)
    large = stories.granted_file(
        registrar=registrar, officer=officer, children=8, unpaid=12, on=date(2026, 11, 20)
    )
    client.get(_page(small))
    counts = []
    for file in (small, large):
        with django_assert_max_num_queries(45) as queries:
            assert client.get(_page(file)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_on_the_page_is_styled_or_scripted_inline(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer)
    text = client_for(officer).get(_page(file)).content.decode()
    assert not re.search(r'\sstyle="|\son\w+="|<style|<script>', text)


def test_casework_reads_what_was_stated_and_saves_the_papers_and_each_is_logged(
    registrar: User, officer: User, other_officer: User, client_for: ClientFor, security_log: Log
) -> None:
    intake = client_for(registrar)
    draft = wizard.begin(intake)
    wizard.fill(intake, draft, creancier=wizard.creditor(address="Avenue Louise 5, 1050 Ixelles"))
    wizard.send(intake, draft)
    file = AlimonyFile.objects.get(pk=draft)
    stories.hand_over(file, officer)
    client = client_for(officer)
    stated = client.get(_page(file, "demande/")).content.decode()
    with acting_as(officer.pk):
        assert (
            file.creditor.open_value("niss") and format_niss(file.creditor.open_value("niss")) not in stated
        )
    assert "Avenue Louise 5, 1050 Ixelles" in stated and "copie exécutoire du titre" in stated
    paper = file.attachments.get(kind="title_copy")
    saved = client.get(_page(file, f"demande/{paper.pk}/"))
    assert (saved.content, saved["Content-Type"]) == (stories.PDF, "application/pdf")
    assert saved["Content-Disposition"].startswith("attachment;")
    assert ["paper:title_copy"] in [row["fields"] for row in security_log(kind="READ", file=file.pk)]
    for address in (_page(file, "demande/"), _page(file, f"demande/{paper.pk}/")):
        assert client_for(other_officer).get(address).status_code == 404
        assert client_for(registrar).get(address).status_code == 403
    assert client.get(_page(file, f"demande/{draft}/")).status_code == 404


def test_a_file_made_otherwise_says_that_no_statement_is_kept(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    assert "n’est pas conservée" in client_for(officer).get(_page(file, "demande/")).content.decode()
