"""The watchers' pages, and the command that does the same from a terminal."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.retention.models import Certificate, ErasureList, ListState
from secal.access.models import User
from secal.cases.models import AlimonyFile
from secal.office.models import Job
from tests import stories

pytestmark = pytest.mark.usefixtures("committed_database")

ClientFor = Callable[[User], Client]
DueFile = Callable[..., AlimonyFile]


def test_the_page_says_what_has_to_go_and_why_without_a_name(
    due_file: DueFile, dpo: User, client_for: ClientFor
) -> None:
    file = due_file(debtor=stories.tom(family_name="Quetzaele"))
    told = client_for(dpo).get(reverse("retention:due")).content.decode()
    assert file.number in told
    assert "Quetzaele" not in told


def test_two_watchers_approve_on_the_page_and_the_second_sees_the_first(
    due_file: DueFile,
    proposed: Callable[[], ErasureList],
    dpo: User,
    coordinator: User,
    client_for: ClientFor,
) -> None:
    due_file()
    made = proposed()
    address = reverse("retention:list", args=[made.pk])
    first = client_for(dpo)
    assert "Approuver l’effacement" in first.get(address).content.decode()
    assert first.post(reverse("retention:approve", args=[made.pk])).status_code == 302
    again = first.get(address).content.decode()
    assert "Vous avez approuvé cette liste" in again and "Approuver l’effacement" not in again
    assert first.post(reverse("retention:approve", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.state == ListState.PROPOSED
    second = client_for(coordinator)
    assert "Dina Vermeulen" in second.get(address).content.decode()
    assert second.post(reverse("retention:approve", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.state == ListState.APPROVED


def test_a_list_at_work_says_that_its_page_refreshes_itself(
    due_file: DueFile, approved: Callable[[], ErasureList], dpo: User, client_for: ClientFor
) -> None:
    due_file()
    address = reverse("retention:list", args=[approved().pk])
    live = client_for(dpo).get(address)
    assert live["Refresh"] and "se met à jour toute seule" in live.content.decode()
    still = client_for(dpo).get(address, {"live": "0"})
    assert "Refresh" not in still and "ne se met plus à jour" in still.content.decode()


def test_a_rejection_needs_its_reason(
    due_file: DueFile, proposed: Callable[[], ErasureList], dpo: User, client_for: ClientFor
) -> None:
    due_file()
    made = proposed()
    address = reverse("retention:reject", args=[made.pk])
    answer = client_for(dpo).post(address, {"reason": ""})
    assert answer.status_code == 200 and "Dites pourquoi" in answer.content.decode()
    assert client_for(dpo).post(address, {"reason": "Contrôle en cours"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reject_reason) == (ListState.REJECTED, "Contrôle en cours")


def test_a_certificate_leaves_the_office_and_the_log_knows(
    due_file: DueFile,
    approved: Callable[[], ErasureList],
    run_erasure: Callable[[ErasureList], Job],
    dpo: User,
    officer: User,
    client_for: ClientFor,
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    file = due_file()
    run_erasure(approved())
    certificate = Certificate.objects.get()
    address = reverse("retention:certificate", args=[certificate.pk])
    browser = client_for(dpo)
    assert certificate.number in browser.get(reverse("retention:certificates")).content.decode()
    answer = browser.get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert security_log(kind="EXPORT", act="erasure.certificate", actor=dpo.pk, file=file.pk)
    assert client_for(officer).get(address).status_code == 403
    assert security_log(kind="DENY", act="erasure.view", actor=officer.pk)


def test_pages_cost_the_same_for_one_unit_or_many(
    due_file: DueFile, proposed: Callable[[], ErasureList], dpo: User, client_for: ClientFor
) -> None:
    browser = client_for(dpo)
    due_file()
    first = proposed()
    counts = []
    for more in (0, 6):
        for _number in range(more):
            due_file()
        made = first if not more else proposed()
        pages = [
            reverse("retention:due"),
            reverse("retention:lists"),
            reverse("retention:list", args=[made.pk]),
            reverse("retention:certificates"),
        ]
        for address in pages:
            browser.get(address)
        with CaptureQueriesContext(connections["default"]) as seen:
            for address in pages:
                assert browser.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_command_shows_what_is_due_and_writes_nothing(due_file: DueFile) -> None:
    file = due_file()
    out = io.StringIO()
    call_command("erase", "--due", "--dry-run", "--json", stdout=out)
    (line,) = json.loads(out.getvalue())["due"]
    assert (line["number"], line["kind"], line["on_list"]) == (file.number, "alimony_file", False)
    assert not ErasureList.objects.exists()
    out = io.StringIO()
    call_command("erase", "--due", "--dry-run", stdout=out)
    assert file.number in out.getvalue()


def test_the_command_makes_the_list_and_erases_what_two_approved(
    due_file: DueFile, approved: Callable[[], ErasureList]
) -> None:
    erased = due_file()
    approved()
    waiting = due_file()
    out = io.StringIO()
    call_command("erase", "--due", "--json", stdout=out, stderr=io.StringIO())
    told = json.loads(out.getvalue())
    assert told["waiting_for_approval"] == [told["list"]]
    assert told["certificates"] == [Certificate.objects.get().number]
    assert not AlimonyFile.objects.filter(pk=erased.pk).exists()
    assert AlimonyFile.objects.filter(pk=waiting.pk).exists()


def test_the_command_fails_when_something_is_left(
    due_file: DueFile, approved: Callable[[], ErasureList]
) -> None:
    due_file(debtor=stories.tom(family_name="Quetzaele"))
    approved()
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE left_over (told text)")
        cursor.execute("INSERT INTO left_over VALUES ('Tom Quetzaele')")
    with pytest.raises(CommandError, match=r"erasure\.residue"):
        call_command("erase", "--due", stdout=io.StringIO(), stderr=io.StringIO())
