"""What comes in at an address that no page of ours sends: forms from elsewhere, texts that nobody types."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.cases.models import Assignment
from secal.files.models import IntakeDraft
from tests import stories
from tests.files import wizard

ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]


def test_a_form_from_elsewhere_is_refused_and_logged(
    officer: User, client_for: Callable[..., Client], security_log: Log
) -> None:
    browser = client_for(officer, enforce_csrf_checks=True)
    assert browser.post(reverse("office:search"), {"q": "Peeters"}).status_code == 403
    (refusal,) = security_log(kind="DENY", actor=officer.pk)
    assert (refusal["act"], refusal["reason"]) == ("request", "csrf")


def test_the_admin_pages_have_no_password_and_look_nothing_up(officer: User, client_for: ClientFor) -> None:
    browser = client_for(officer)
    for path in ("password_change/", "password_change/done/", "autocomplete/", "r/1/1/"):
        assert browser.get(f"/admin/{path}").status_code == 404, path


def test_what_nobody_types_is_answered_and_is_no_failure_of_ours(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    """Zero bytes, digits of other scripts, numbers without end: an answer, never an incident."""
    file = stories.register_file(registrar=registrar, officer=officer)
    browser = client_for(officer)
    for text in ("\x00", "Pee\x00ters", "²" * 11, "9" * 5000):
        assert browser.post(reverse("office:search"), {"q": text}).status_code == 200, repr(text[:9])
    book = reverse("ledger:book", args=[file.book_id])
    assert browser.get(book, {"year": "²²²²"}).status_code == 200
    browser = client_for(registrar)
    step = wizard.address(wizard.begin(browser), "enfants")
    for action in ("remove-²", "remove-" + "9" * 5000, "remove-999"):
        assert browser.post(step, {"action": action}).status_code == 302, action[:9]


def test_an_application_sent_after_midnight_is_read_again_by_the_calendar_of_the_office(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    """Received and sent on 5 October in Brussels, when it is still the 4th elsewhere."""
    browser = client_for(registrar)
    draft = wizard.begin(browser)
    wizard.fill(browser, draft)
    assert wizard.send(browser, draft).status_code == 302
    IntakeDraft.objects.filter(pk=draft).update(sent_at=datetime(2026, 10, 4, 22, 30, tzinfo=UTC))
    officer = Assignment.objects.get(file=draft, until_at=None).officer
    answer = client_for(officer).get(reverse("files:stated", args=[draft]))
    assert answer.status_code == 200
    assert "Els Peeters" in answer.content.decode()
