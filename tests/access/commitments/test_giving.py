"""Giving a commitment: for oneself, to the text that was read, once a version, and for good."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from secal.access.commitments.errors import TextIsAnother, TextNotInForce
from secal.access.commitments.selectors import committed, own, own_one, text_of, to_give
from secal.access.commitments.services import Proof, give_commitment
from secal.access.errors import Refused
from secal.access.models import Commitment, CommitmentKind, User
from secal.access.policy import ACTS, decide, require
from secal.access.policy.decision import NOT_COMMITTED
from secal.access.selectors import actor_of
from secal.access.unit_of_work import acting_as, service_work
from tests.access.commitments.conftest import NEXT, give, in_force

Log = Callable[..., list[dict[str, Any]]]
POLICY, DECLARATION = CommitmentKind


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_both_texts_are_asked_and_either_alone_is_not_enough(newcomer: User) -> None:
    assert not committed(newcomer.pk)
    with acting_as(newcomer.pk):
        assert [text.kind for text in to_give("nl", timezone.localdate())] == [POLICY, DECLARATION]
    give(newcomer, in_force(POLICY, "nl"))
    assert not committed(newcomer.pk)
    with acting_as(newcomer.pk):
        assert [text.kind for text in to_give("nl", timezone.localdate())] == [DECLARATION]
    give(newcomer, in_force(DECLARATION, "de"))
    assert committed(newcomer.pk)


def test_the_row_says_which_text_in_which_language_when_and_how_it_was_proven(
    newcomer: User, security_log: Log
) -> None:
    text = in_force(DECLARATION, "nl")
    before = timezone.now()
    given = Commitment.objects.get(pk=give(newcomer, text).pk)
    assert (given.user_id, given.kind, given.version) == (newcomer.pk, DECLARATION, text.version)
    assert (given.language, bytes(given.text_digest), given.acr) == ("nl", text.digest, "level")
    assert given.session_digest is not None
    assert timedelta(0) <= timezone.now() - given.given_at < timedelta(minutes=5)
    assert before - given.given_at < timedelta(minutes=5)
    (row,) = security_log(act="commitment.give", actor=newcomer.pk)
    assert (row["kind"], row["purpose"], row["subject"]) == ("WRITE", "declaration", newcomer.pk)


def test_a_second_time_changes_nothing(newcomer: User, security_log: Log) -> None:
    first = give(newcomer, in_force(POLICY))
    again = give(newcomer, in_force(POLICY, "en"))
    assert (again.pk, again.language) == (first.pk, "fr")
    assert len(security_log(act="commitment.give", actor=newcomer.pk)) == 1


def test_the_digest_of_another_language_is_refused(newcomer: User) -> None:
    with pytest.raises(TextIsAnother):
        give(newcomer, in_force(POLICY, "fr"), digest=in_force(POLICY, "nl").digest)
    with pytest.raises(TextIsAnother):
        give(newcomer, in_force(POLICY, "fr"), digest=in_force(DECLARATION, "fr").digest)
    with pytest.raises(TextIsAnother):
        give(newcomer, in_force(POLICY, "fr"), language="es")
    assert not Commitment.objects.filter(user=newcomer).exists()


@pytest.mark.obligation("17/006 §16.3")
def test_a_row_with_a_digest_that_is_not_of_its_language_counts_for_nothing(newcomer: User) -> None:
    """However it came there."""
    give(newcomer, in_force(POLICY))
    with acting_as(newcomer.pk):
        Commitment.objects.create(
            user=newcomer,
            kind=DECLARATION,
            version=in_force(DECLARATION).version,
            language="fr",
            text_digest=in_force(DECLARATION, "nl").digest,
        )
    assert not committed(newcomer.pk)


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
@pytest.mark.parametrize("kind", CommitmentKind)
def test_a_new_version_closes_the_door_until_it_is_accepted(
    kind: CommitmentKind, officer: User, approver: User, new_version: Callable[..., None]
) -> None:
    old = in_force(kind)
    assert committed(officer.pk) and committed(approver.pk)
    new_version(kind)
    assert not committed(officer.pk) and not committed(approver.pk)
    with pytest.raises(TextNotInForce):
        give(officer, old)
    given = give(officer, in_force(kind, "de"))
    assert given.version == NEXT
    assert committed(officer.pk) and not committed(approver.pk)


def test_a_version_of_tomorrow_closes_nothing_today_and_is_not_accepted_yet(
    officer: User, new_version: Callable[..., None]
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    new_version(POLICY, on=tomorrow)
    assert committed(officer.pk)
    with pytest.raises(TextNotInForce):
        give(officer, in_force(POLICY), version=tomorrow)


def test_a_service_commits_itself_to_nothing(db: None) -> None:
    text = in_force(POLICY)
    with pytest.raises(Refused), service_work("seed"):
        give_commitment(
            kind=POLICY,
            version=text.version,
            language="fr",
            digest=text.digest,
            proof=Proof(),
            on=timezone.localdate(),
        )
    assert not Commitment.objects.exists()


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_services_refuse_whoever_has_not_accepted_the_texts(newcomer: User, security_log: Log) -> None:
    with pytest.raises(Refused) as refused, acting_as(newcomer.pk):
        require("file.open")
    assert refused.value.reason == "commitment_missing"
    assert security_log(kind="DENY", act="file.open", actor=newcomer.pk, reason="commitment_missing")
    for kind in CommitmentKind:
        give(newcomer, in_force(kind))
    with acting_as(newcomer.pk):
        require("file.open")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_commitment SET version = '2030-01-01'",
        "UPDATE access_commitment SET user_id = user_id",
        "DELETE FROM access_commitment",
        "TRUNCATE access_commitment",
    ],
)
def test_what_was_accepted_stays_as_it_was(statement: str, officer: User) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_moment_is_the_databases(newcomer: User) -> None:
    with acting_as(newcomer.pk):
        made = Commitment.objects.create(
            user=newcomer,
            kind=POLICY,
            version=NEXT,
            language="fr",
            text_digest=bytes(32),
            given_at=timezone.now() - timedelta(days=400),
        )
    made.refresh_from_db()
    assert timezone.now() - made.given_at < timedelta(minutes=5)


def test_one_sees_ones_own_only(officer: User, other_officer: User, security_log: Log) -> None:
    theirs = Commitment.objects.filter(user=other_officer).first()
    assert theirs is not None
    with acting_as(officer.pk):
        assert {one.user_id for one in own()} == {officer.pk}
        assert text_of(own()[0]) is not None
    with pytest.raises(Refused) as refused, acting_as(officer.pk):
        own_one(theirs.pk)
    assert refused.value.hidden
    assert security_log(kind="DENY", actor=officer.pk, reason="no_such_commitment")


def test_the_policy_refuses_everything_else_to_who_has_not(officer: User) -> None:
    actor = replace(actor_of(officer.pk), committed=False)
    for act in ACTS:
        decision = decide(actor, act)
        if act in ("commitment.view", "commitment.give"):
            assert decision.permitted
        else:
            assert decision == NOT_COMMITTED, act
    assert NOT_COMMITTED.reason == "commitment_missing"
    assert str(NOT_COMMITTED.message) and str(NOT_COMMITTED.who_may)
