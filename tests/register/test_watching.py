"""What the two watchers see: the matrix with what changed, and the sessions of now; and nobody else."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.roles import Role
from secal.register.rules import quarter_before, quarter_of
from tests.changing import change
from tests.conftest import also

ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]
MATRIX, SESSIONS = "register:matrix", "register:sessions"
TODAY = timezone.localdate()
SINCE = quarter_before(quarter_of(TODAY))


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    text: str = answer.content.decode()
    return text


def ended_role(user: User, role: Role, on: date) -> None:
    row = also(user, role)
    at = timezone.now() - (TODAY - on)
    change(row, ended_at=at, ended_by=uuid.uuid4(), end_reason="moved", valid_until=on)


def entered_then() -> None:
    """Every right came into the register on its first day."""
    for model in (Appointment, UserRole, Charge):
        for right in model.objects.all():
            change(right, entered_at=datetime.combine(right.valid_from, time(12), tzinfo=UTC))


@pytest.mark.obligation("17/006 §16.1")
def test_the_matrix_marks_what_was_added_or_ended_since_the_last_quarter_in_words(
    watch: Client, officer: User, other_officer: User, approver: User, security_log: Log, coordinator: User
) -> None:
    ended_role(officer, Role.APPROVER, SINCE + timedelta(days=3))
    ended_role(other_officer, Role.APPROVER, SINCE - timedelta(days=3))
    also(approver, Role.CASE_OFFICER, since=SINCE + timedelta(days=1))
    entered_then()
    page = text_of(watch.get(reverse(MATRIX)))
    assert page.count("terminé</span>") == 1
    assert page.count("ajouté</span>") == 1
    assert (SINCE + timedelta(days=3)).strftime("%d/%m/%Y") in page
    assert security_log(kind="READ", act="register.matrix", actor=coordinator.pk)
    changed = text_of(watch.get(reverse(MATRIX), {"changes": "1", "domaine": "casework"}))
    assert "Dubois" in changed and "Lambert" in changed and "Peeters" not in changed


@pytest.mark.obligation("17/006 §16.1")
def test_a_right_that_is_entered_late_does_not_escape_who_looks_at_what_changed(
    watch: Client, officer: User, other_officer: User
) -> None:
    entered_then()
    also(officer, Role.APPROVER, since=SINCE - timedelta(days=200))
    ended_role(other_officer, Role.APPROVER, SINCE - timedelta(days=100))
    page = text_of(watch.get(reverse(MATRIX), {"changes": "1"}))
    assert page.count("ajouté</span>") == page.count("terminé</span>") == 1
    assert "Dubois" in page and "Peeters" in page


def test_the_matrix_is_read_on_any_day_and_by_plane(watch: Client, officer: User, registrar: User) -> None:
    ended_role(officer, Role.APPROVER, SINCE + timedelta(days=3))
    day = (SINCE + timedelta(days=1)).strftime("%d/%m/%Y")
    page = text_of(watch.get(reverse(MATRIX), {"jour": day, "domaine": "casework"}))
    assert "terminé</span>" not in page
    assert page.count('visually-hidden">en vigueur</span>') == 5, "two roles and three missions"
    page = text_of(watch.get(reverse(MATRIX), {"domaine": "registration"}))
    assert "Claes" in page and "Dubois" not in page
    assert "n’est pas une date" in text_of(watch.get(reverse(MATRIX), {"jour": "hier"}))
    assert "Aucune date d’avant 1900" in text_of(watch.get(reverse(MATRIX), {"jour": "01/01/0001"}))
    assert text_of(watch.get(reverse(MATRIX), {"jour": "31/12/9999"}))
    before = text_of(watch.get(reverse(MATRIX), {"jour": "01/01/2019"}))
    assert "Personne dans ce domaine" in before


@pytest.mark.obligation("17/006 §21")
def test_a_watcher_ends_a_session_and_the_right_stays(
    watch: Client,
    coordinator: User,
    officer: User,
    other_officer: User,
    client_for: ClientFor,
    security_log: Log,
) -> None:
    browser, others = client_for(officer), client_for(other_officer)
    page = text_of(watch.get(reverse(SESSIONS)))
    assert all(name in page for name in ("Luc Dubois", "Mia Peeters", "An Willems", "la vôtre"))
    assert reverse("register:end_session", args=[coordinator.pk]) not in page
    assert watch.post(reverse("register:end_session", args=[officer.pk])).status_code == 302
    assert browser.get(reverse("office:law")).status_code == 302
    assert others.get(reverse("office:law")).status_code == 200
    (row,) = security_log(kind="WRITE", act="sessions.end")
    assert (row["actor"], row["subject"]) == (coordinator.pk, officer.pk)
    assert officer.roles.filter(ended_at=None).exists()
    page = text_of(watch.get(reverse(SESSIONS)))
    assert "Luc Dubois" not in page and "Mia Peeters" in page
    watch.post(reverse("register:end_session", args=[officer.pk]))
    assert len(security_log(kind="WRITE", act="sessions.end")) == 1, "nothing was left to end"


@pytest.mark.parametrize("role", [Role.USER_REGISTRAR, Role.CASE_OFFICER, Role.REGISTRAR])
def test_nobody_else_sees_the_matrix_or_ends_a_session(
    role: Role, make_user: Callable[..., User], client_for: ClientFor, officer: User, security_log: Log
) -> None:
    somebody = make_user(role)
    browser, theirs = client_for(somebody), client_for(officer)
    for name in (MATRIX, SESSIONS, "register:reviews"):
        assert "Dubois" not in text_of(browser.get(reverse(name)), 403)
    assert browser.post(reverse("register:end_session", args=[officer.pk])).status_code == 403
    assert theirs.get(reverse("office:law")).status_code == 200
    acts = {row["act"] for row in security_log(kind="DENY", actor=somebody.pk)}
    assert acts == {"register.matrix", "sessions.view", "sessions.end"}
