"""Quarterly reviews: frozen, answered by one, confirmed by another, proved by an unchanging document."""

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.services import users
from secal.access.unit_of_work import acting_as
from secal.register.errors import ReviewError
from secal.register.models import Review, ReviewLine, Verdict
from secal.register.rules import quarter_of
from secal.register.services import reviews
from tests.changing import change
from tests.pdf_reading import text_of as words_of

ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]
MakeUser = Callable[..., User]
TODAY = timezone.localdate()


@pytest.fixture
def review(coordinator: User, dpo: User, officer: User) -> Review:
    with acting_as(coordinator.pk):
        return reviews.open_review(on=TODAY)


def answered(review: Review, by: User, *, end: User | None = None) -> None:
    """Every line that this watcher may answer: kept, or ended for one holder."""
    lines = review.lines.exclude(holder=by)
    with acting_as(by.pk):
        verdicts = {line.pk: Verdict.END if line.holder == end else Verdict.KEEP for line in lines}
        reviews.answer(review.pk, verdicts, on=TODAY)


def answer_own_of(review: Review, coordinator: User, dpo: User) -> None:
    with acting_as(dpo.pk):
        own = review.lines.filter(holder=coordinator)
        reviews.answer(review.pk, {line.pk: Verdict.KEEP for line in own}, on=TODAY)


def standing() -> list[tuple[Any, ...]]:
    return [*Review.objects.order_by("pk").values_list(), *ReviewLine.objects.order_by("pk").values_list()]


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    text: str = answer.content.decode()
    return text


@pytest.mark.obligation("17/006 §16.1", "17/006 §16.4")
def test_a_review_freezes_every_right_in_force_as_it_stands(
    review: Review, coordinator: User, dpo: User, officer: User, keeper: User
) -> None:
    assert (review.period, review.due_on) == (quarter_of(TODAY), TODAY + timedelta(days=30))
    held = {(line.holder_id, line.kind, line.what) for line in review.lines.all()}
    assert held >= {
        (officer.pk, "appointment", "casework"),
        (officer.pk, "role", "case_officer"),
        (officer.pk, "charge", "advances"),
        (dpo.pk, "role", "dpo"),
    }
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="left")
    assert review.lines.filter(holder=officer).count() == 5
    with acting_as(coordinator.pk), pytest.raises(ReviewError, match="déjà ouverte"):
        reviews.open_review(on=TODAY)


@pytest.mark.obligation("17/006 §16.1", "forbidden 6")
def test_who_opens_does_not_confirm_and_every_line_is_answered_first(
    review: Review, coordinator: User, dpo: User, officer: User, security_log: Log
) -> None:
    with acting_as(dpo.pk), pytest.raises(ReviewError) as error:
        reviews.confirm(review.pk, on=TODAY)
    assert error.value.code == "review.unanswered"
    answered(review, coordinator)
    answer_own_of(review, coordinator, dpo)
    before = standing()
    with pytest.raises(Refused), acting_as(coordinator.pk):
        reviews.confirm(review.pk, on=TODAY)
    assert standing() == before
    assert security_log(kind="DENY", act="review.confirm", actor=coordinator.pk)
    with acting_as(dpo.pk):
        confirmed = reviews.confirm(review.pk, on=TODAY)
    assert confirmed.confirmed_by_id == dpo.pk
    with acting_as(coordinator.pk), pytest.raises(ReviewError) as error:
        reviews.answer(review.pk, {review.lines.exclude(holder=coordinator)[0].pk: Verdict.END}, on=TODAY)
    assert error.value.code == "review.confirmed"
    acts = [row["act"] for row in security_log(kind="WRITE", actor=dpo.pk)]
    assert set(acts) == {"review.answer", "review.confirm"}


def test_nobody_answers_for_themselves_and_who_confirms_not_for_others(
    review: Review, coordinator: User, dpo: User, officer: User, security_log: Log
) -> None:
    before = standing()
    for who, holder, reason in (
        (coordinator, coordinator, "own_entry"),
        (dpo, dpo, "own_entry"),
        (dpo, officer, "not_theirs_to_answer"),
    ):
        line = review.lines.filter(holder=holder)[0]
        with pytest.raises(Refused), acting_as(who.pk):
            reviews.answer(review.pk, {line.pk: Verdict.KEEP}, on=TODAY)
        assert security_log(kind="DENY", actor=who.pk, reason=reason)
    assert standing() == before


def test_a_line_of_nowhere_is_no_answer(review: Review, coordinator: User) -> None:
    with acting_as(coordinator.pk), pytest.raises(ReviewError) as error:
        reviews.answer(review.pk, {uuid.uuid4(): Verdict.KEEP}, on=TODAY)
    assert error.value.code == "review.line"


def refused_by_database(statement: str, values: list[Any]) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refusal.value)


@pytest.mark.obligation("forbidden 6")
def test_the_database_holds_the_two_persons_by_itself(
    review: Review, coordinator: User, dpo: User, officer: User
) -> None:
    confirm = "UPDATE register_review SET confirmed_by_id = %s, confirmed_on = current_date WHERE id = %s"
    answer = "UPDATE register_reviewline SET verdict = 'keep', decided_by_id = %s, decided_on = current_date"
    with acting_as(dpo.pk):
        assert "every line is answered" in refused_by_database(confirm, [dpo.pk, review.pk])
    with acting_as(coordinator.pk):
        assert "nobody_reviews_themselves" in refused_by_database(answer, [coordinator.pk])
        assert "watcher who is at work" in refused_by_database(answer, [dpo.pk])
    with acting_as(dpo.pk), connection.cursor() as cursor:
        cursor.execute(f"{answer} WHERE holder_id <> %s", [dpo.pk, dpo.pk])
    with acting_as(coordinator.pk):
        own = f"{answer} WHERE holder_id = %s"
        with connection.cursor() as cursor:
            cursor.execute(own, [coordinator.pk, dpo.pk])
        said = refused_by_database(confirm, [coordinator.pk, review.pk])
        assert "data protection officer" in said or "review_confirmed_by_another" in said
    with acting_as(dpo.pk):
        assert "who answers does not confirm" in refused_by_database(confirm, [dpo.pk, review.pk])
    with acting_as(officer.pk):
        said = refused_by_database(
            "INSERT INTO register_review (id, period, opened_by_id, opened_on, due_on)"
            " VALUES (gen_random_uuid(), '2020-01-01', %s, '2020-01-02', '2020-01-03')",
            [officer.pk],
        )
        assert "security co-ordinator" in said


def test_what_was_frozen_or_confirmed_is_never_rewritten(
    review: Review, coordinator: User, dpo: User
) -> None:
    for statement in (
        "DELETE FROM register_review",
        "DELETE FROM register_reviewline",
        "UPDATE register_reviewline SET holder_name = 'X'",
        "UPDATE register_review SET due_on = '2099-01-01'",
    ):
        assert "permission denied" in refused_by_database(statement, [])
    answered(review, coordinator)
    answer_own_of(review, coordinator, dpo)
    with acting_as(dpo.pk):
        reviews.confirm(review.pk, on=TODAY)
    with acting_as(coordinator.pk):
        for statement in (
            "UPDATE register_reviewline SET verdict = 'end'",
            "UPDATE register_review SET confirmed_on = confirmed_on + 1",
        ):
            assert "confirmed review does not change" in refused_by_database(statement, [])


def test_the_screen_opens_answers_and_confirms_and_the_keeper_finds_what_to_end(
    coordinator: User, dpo: User, officer: User, keeper: User, client_for: ClientFor
) -> None:
    watch, second, desk = client_for(coordinator), client_for(dpo), client_for(keeper)
    assert "Ouvrir la révision" in text_of(watch.get(reverse("register:reviews")))
    assert "Ouvrir la révision" not in text_of(second.get(reverse("register:reviews")))
    address = watch.post(reverse("register:open_review"))["Location"]
    review = Review.objects.get()
    page = text_of(watch.get(address))
    assert page.count('type="radio"') == 2 * review.lines.exclude(holder=coordinator).count()
    assert "vos propres droits" in page
    answers = {
        f"ligne-{line.pk}": "end" if line.what == "arrears" else "keep"
        for line in review.lines.exclude(holder=coordinator)
    }
    assert watch.post(address, answers).status_code == 302
    assert "Confirmer la révision" not in text_of(watch.get(address))
    assert "quand chaque droit a une réponse" in text_of(second.get(address))
    own = {f"ligne-{line.pk}": "keep" for line in review.lines.filter(holder=coordinator)}
    assert second.post(address, own).status_code == 302
    assert "Confirmer la révision" in text_of(second.get(address))
    assert second.get(reverse("register:proof", args=[review.pk])).status_code == 404
    assert second.post(reverse("register:confirm_review", args=[review.pk])).status_code == 302
    review.refresh_from_db()
    assert review.confirmed_by_id == dpo.pk
    assert "1 droit est à terminer" in text_of(desk.get(reverse("register:index")))
    page = text_of(desk.get(reverse("register:entry", args=[officer.pk])))
    assert "La dernière révision demande de terminer 1 droit" in page
    charge = officer.charges.get(mission="arrears")
    desk.post(reverse("register:end_charge", args=[charge.pk]), {"reason": "review"})
    assert "à terminer après" not in text_of(desk.get(reverse("register:index")))


def confirmed(review: Review, coordinator: User, dpo: User, *, end: User) -> None:
    answered(review, coordinator, end=end)
    answer_own_of(review, coordinator, dpo)
    with acting_as(dpo.pk):
        reviews.confirm(review.pk, on=TODAY)


def test_what_ends_by_its_own_last_day_is_no_longer_to_end(
    review: Review, coordinator: User, dpo: User, officer: User, desk: Client
) -> None:
    confirmed(review, coordinator, dpo, end=officer)
    assert "droits sont à terminer" in text_of(desk.get(reverse("register:index")))
    change(
        [*officer.charges.all(), *officer.roles.all(), *officer.appointments.all()],
        valid_until=TODAY - timedelta(days=1),
    )
    assert "à terminer après" not in text_of(desk.get(reverse("register:index")))
    assert "demande de terminer" not in text_of(desk.get(reverse("register:entry", args=[officer.pk])))


@pytest.mark.obligation("17/006 §16.4")
def test_the_co_ordinator_ends_what_the_review_says_of_a_watcher(
    review: Review, coordinator: User, dpo: User, keeper: User, watch: Client, desk: Client
) -> None:
    """Nobody else could: the user registrar does not touch those who watch."""
    role = dpo.roles.get()
    answered(review, coordinator, end=dpo)
    address = reverse("register:end_role", args=[role.pk])
    entry = reverse("register:entry", args=[dpo.pk])
    assert address not in text_of(desk.get(entry))
    text_of(desk.post(address, {"reason": "review"}), 403)
    page = text_of(watch.get(entry))
    assert address in page and reverse("register:grant", args=[dpo.pk]) not in page, "to end, not to enter"
    assert watch.post(address, {"reason": "review"}).status_code == 302
    role.refresh_from_db()
    assert (role.end_reason, role.ended_by) == ("review", coordinator.pk)
    with acting_as(coordinator.pk), pytest.raises(Refused):
        users.grant_role(
            appointment_id=role.appointment_id, role=Role.DATA_PROTECTION_OFFICER, valid_from=TODAY
        )


@pytest.mark.parametrize("answer", ["maybe", ""])
def test_an_answer_that_is_none_changes_nothing(
    answer: str, review: Review, coordinator: User, client_for: ClientFor
) -> None:
    address = reverse("register:review", args=[review.pk])
    line = review.lines.exclude(holder=coordinator)[0]
    page = client_for(coordinator).post(address, {f"ligne-{line.pk}": answer}, follow=True)
    assert "périmée" in text_of(page)
    assert not review.lines.exclude(verdict="").exists()


def test_what_another_watcher_answered_meanwhile_stays_and_nothing_typed_is_lost(
    review: Review,
    coordinator: User,
    officer: User,
    make_user: MakeUser,
    client_for: ClientFor,
    security_log: Log,
) -> None:
    other = make_user(Role.SECURITY_COORDINATOR, given_name="Eva", family_name="Nys")
    taken, free = review.lines.filter(holder=officer).order_by("place")[:2]
    with acting_as(other.pk):
        reviews.answer(review.pk, {taken.pk: Verdict.KEEP}, on=TODAY)
    before = standing()
    address = reverse("register:review", args=[review.pk])
    typed = {f"ligne-{free.pk}": "end", f"ligne-{taken.pk}": "end"}
    page = text_of(client_for(coordinator).post(address, typed), 422)
    assert "Dubois Luc – Traitement : Eva Nys y a répondu entre-temps" in unescape(page)
    assert f'name="ligne-{free.pk}" value="end" checked' in page
    assert f'name="ligne-{taken.pk}"' not in page
    assert standing() == before
    assert not security_log(kind="WRITE", act="review.answer", actor=coordinator.pk), "nothing was answered"


@pytest.mark.obligation("17/006 §16.4")
def test_what_is_unanswered_after_the_due_day_is_listed_as_overdue(
    coordinator: User, dpo: User, client_for: ClientFor
) -> None:
    Review.objects.create(
        period=quarter_of(TODAY - timedelta(days=100)),
        opened_by=coordinator,
        opened_on=TODAY - timedelta(days=60),
        due_on=TODAY - timedelta(days=30),
    )
    late = Review.objects.get()
    ReviewLine.objects.create(
        review=late,
        place=1,
        holder=dpo,
        holder_name="Renard Paul",
        kind="role",
        right_id=uuid.uuid4(),
        plane="oversight",
        what="dpo",
        section="Direction",
        valid_from=TODAY,
    )
    browser = client_for(coordinator)
    assert "l’échéance est passée" in text_of(browser.get(reverse("register:reviews")))
    page = text_of(browser.get(reverse("register:review", args=[late.pk]), {"reste": "1"}))
    assert "en retard" in page and "Renard Paul" in page


@pytest.mark.obligation("17/006 §16.1", "17/006 §16.4")
def test_the_evidence_is_tagged_names_both_controllers_and_never_changes(
    review: Review,
    coordinator: User,
    dpo: User,
    officer: User,
    keeper: User,
    client_for: ClientFor,
    security_log: Log,
) -> None:
    answered(review, coordinator, end=officer)
    answer_own_of(review, coordinator, dpo)
    with acting_as(dpo.pk):
        reviews.confirm(review.pk, on=TODAY)
    browser, address = client_for(dpo), reverse("register:proof", args=[review.pk])
    first = browser.get(address)
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="review")
    assert first["Content-Type"] == "application/pdf"
    assert browser.get(address).content == first.content
    text = words_of(first.content)
    for word in ("An Willems", "Paul Renard", "Dubois Luc", "à terminer", "SPF Finances", "sécurité sociale"):
        assert word in text, word
    with pikepdf.open(io.BytesIO(first.content)) as document:
        assert bool(document.Root.MarkInfo.Marked)
    assert len(security_log(kind="EXPORT", act="register.matrix", actor=dpo.pk)) == 2


def test_a_page_of_a_review_costs_the_same_for_few_lines_and_for_many(
    coordinator: User, dpo: User, make_user: MakeUser, client_for: ClientFor
) -> None:
    browser, counts = client_for(coordinator), []
    for people in (0, 30):
        for number in range(people):
            make_user(Role.CASE_OFFICER, family_name=f"B{number}")
        with acting_as(coordinator.pk):
            made = reviews.open_review(on=TODAY + timedelta(days=100 * (people // 30)))
        address = reverse("register:review", args=[made.pk])
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def radios(page: str) -> int:
    return page.count('type="radio"')


def test_a_page_kept_goes_on_to_the_next_that_waits_and_one_button_keeps_the_rest(
    coordinator: User, dpo: User, officer: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secal.register.views.reviews.A_PAGE", 2)
    with acting_as(coordinator.pk):
        found = reviews.open_review(on=TODAY)
    browser, address = client_for(coordinator), reverse("register:review", args=[found.pk])
    page = text_of(browser.get(f"{address}?page=2"))
    assert "Droits à revoir" in page and f'action="{address}?page=2"' in page
    shown = [line for line in found.lines.order_by("place")[2:4] if line.holder_id != coordinator.pk]
    one = {f"ligne-{shown[0].pk}": "end"}
    assert browser.post(f"{address}?page=2", one)["Location"] == f"{address}?page=2"
    hidden = [str(line.pk) for line in shown]
    for line in shown[1:]:
        assert f'name="conserver" value="{line.pk}"' in page
    went_on = browser.post(f"{address}?page=2", {"conserver": hidden, "tous": "1"})["Location"]
    assert went_on == f"{address}?page=3"
    kept = {line.pk: (line.verdict, line.decided_by_id, line.decided_on) for line in found.lines.all()}
    assert kept[shown[0].pk] == (Verdict.END, coordinator.pk, TODAY)
    assert all(kept[line.pk] == (Verdict.KEEP, coordinator.pk, TODAY) for line in shown[1:])
    assert found.lines.exclude(verdict="").count() == len(shown)


def test_one_button_never_keeps_ones_own_right(
    review: Review, coordinator: User, client_for: ClientFor, security_log: Log
) -> None:
    browser, address = client_for(coordinator), reverse("register:review", args=[review.pk])
    own = [str(line.pk) for line in review.lines.filter(holder=coordinator)]
    page = text_of(browser.get(address))
    assert not any(f'value="{line}"' in page for line in own)
    browser.post(address, {"conserver": own, "tous": "1"})
    assert not review.lines.exclude(verdict="").exists()
    assert security_log(kind="DENY", actor=coordinator.pk, reason="own_entry")
