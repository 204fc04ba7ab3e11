"""Under the office's own database user, nobody's word is written or changed in the name of another: an answer
of a review, a line of the configuration log."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.access.strict import at_work, seated, strict

pytestmark = pytest.mark.obligation("17/006 §16.1")

COORDINATOR, OTHER, OFFICER, REGISTRAR = (uuid.uuid4() for _ in range(4))
REVIEW = uuid.uuid4()
STORY = f"""
{seated(COORDINATOR, "security_coordinator", "oversight")}
{seated(OTHER, "dpo", "oversight")}
{seated(OFFICER, "case_officer", "casework")}
{seated(REGISTRAR, "user_registrar", "user_administration")}
INSERT INTO register_review (id, period, opened_on, due_on, opened_by_id)
VALUES ('{REVIEW}', '2026-10-01', '2026-10-01', '2026-10-31', '{COORDINATOR}');
INSERT INTO register_reviewline (id, place, holder_name, kind, right_id, plane, what, section, valid_from,
                                 entered_by_name, verdict, decided_on, decided_by_id, holder_id, review_id)
VALUES (gen_random_uuid(), 1, 'Rita Claes', 'role', gen_random_uuid(), 'casework', 'case_officer', 'Namur',
        '2020-01-01', '', 'end', '2026-10-02', '{COORDINATOR}', '{OFFICER}', '{REVIEW}');
"""
FLIPPED = "UPDATE register_reviewline SET verdict = 'keep'"
LINE = (
    "INSERT INTO auditlog_logentry (object_pk, object_repr, action, changes, timestamp, actor_id, "
    " content_type_id, changes_text, additional_data)"
    " SELECT 'x', '', 1, '{}', now(), %s, min(c.id), '', jsonb_build_object('actor', %s::text)"
    " FROM django_content_type c"
)


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), strict(STORY) as name:
        yield name


@pytest.mark.parametrize("who", [None, OTHER, OFFICER, REGISTRAR], ids=["nobody", "dpo", "officer", "keeper"])
def test_an_answer_is_changed_by_nobody_but_its_author(database: str, who: uuid.UUID | None) -> None:
    with at_work(database, who) as connection:
        try:
            changed = connection.execute(FLIPPED.encode()).rowcount
        except psycopg.errors.InsufficientPrivilege:
            changed = 0
        assert changed == 0


def test_its_author_thinks_better_of_an_answer(database: str) -> None:
    with at_work(database, COORDINATOR) as connection:
        assert connection.execute(FLIPPED.encode()).rowcount == 1


def test_who_is_no_watcher_any_more_changes_no_answer(database: str) -> None:
    ended = "UPDATE access_userrole SET valid_until = '2020-12-31' WHERE user_id = %s"
    with at_work(database, COORDINATOR, site="ADMIN_DATABASE_URL") as connection:
        connection.execute(b"SET session_replication_role = replica")
        connection.execute(ended.encode(), [COORDINATOR])
        connection.execute(b"SET session_replication_role = origin")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="watcher who is at work"):
            connection.execute(FLIPPED.encode())


@pytest.mark.parametrize(
    ("by", "named"),
    [(None, str(OTHER)), (None, ""), (OTHER, str(OFFICER))],
    ids=["another", "nobody", "user"],
)
def test_no_line_of_the_configuration_log_is_in_the_name_of_another(
    database: str, by: uuid.UUID | None, named: str
) -> None:
    with (
        at_work(database, OFFICER) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="must name who is at work"),
    ):
        connection.execute(LINE.encode(), [by, named])


def test_a_line_of_the_configuration_log_names_who_is_at_work(database: str) -> None:
    with at_work(database, OFFICER) as connection:
        assert connection.execute(LINE.encode(), [None, str(OFFICER)]).rowcount == 1
    with at_work(database, None) as connection:
        assert connection.execute(LINE.encode(), [None, ""]).rowcount == 1
