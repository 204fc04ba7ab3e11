"""What even the database role that erases may not do: the database itself says no."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from audit.retention.models import Certificate, ErasureApproval, ErasureItem, ErasureList
from audit.retention.services import approve, finish, start
from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.cases.models import AlimonyFile

pytestmark = pytest.mark.usefixtures("committed_database")

DueFile = Callable[..., AlimonyFile]
Proposed = Callable[[], ErasureList]


@pytest.mark.parametrize("alias", ["eraser", "owner"])
def test_not_even_the_eraser_deletes_a_file_that_no_approved_list_names(
    alias: str, due_file: DueFile, proposed: Proposed, dpo: User
) -> None:
    file = due_file()
    made = proposed()
    with acting_as(dpo.pk):
        approve(list_id=made.pk)
    with (
        pytest.raises(ProgrammingError, match="no approved erasure names this row"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute("DELETE FROM cases_alimonyfile WHERE id = %s", [file.pk])
    assert AlimonyFile.objects.filter(pk=file.pk).exists()


def _certificate(item: ErasureItem, alias: str) -> None:
    Certificate.objects.using(alias).create(
        number="CERT-0",
        item=item,
        made_at=datetime.now(UTC),
        pdf=b"%PDF-",
        manifest={},
        manifest_sha256="",
        sha256=hashlib.sha256(b"").hexdigest(),
    )


def test_a_certificate_never_comes_before_the_scan(
    due_file: DueFile, approved: Callable[[], ErasureList]
) -> None:
    due_file()
    made = approved()
    with service_work("retention"):
        start(made.pk)
    item = made.items.get()
    early = {"begun": "2026-01-01T00:00", "keys": "2026-01-01T00:01", "rows": "2026-01-01T00:02"}
    scanned = {**early, "scan": "2026-01-01T00:03"}
    tries: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({}, {}),
        (early, {"hits": 0}),
        ({**early, "scan": "2026-01-01T00:01"}, {"hits": 0}),
        (scanned, {"hits": 1}),
        (scanned, {}),
    ]
    for steps, scan in tries:
        ErasureItem.objects.filter(pk=item.pk).update(state="erasing", steps=steps, scan=scan)
        with (
            pytest.raises(IntegrityError, match="follows a scan that found nothing"),
            transaction.atomic(using="eraser"),
        ):
            _certificate(item, "eraser")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _certificate(item, "default")
    with pytest.raises(IntegrityError, match="has its certificate"), transaction.atomic():
        ErasureItem.objects.filter(pk=item.pk).update(state="erased")
    with service_work("retention"):
        assert not finish(made.pk)


MEDDLING = {
    "give oneself a role": "UPDATE access_userrole SET role = 'dpo'",
    "let somebody back in": "UPDATE access_user SET is_active = true",
    "strike a person from the staff": "DELETE FROM access_user",
    "strike a role": "DELETE FROM access_userrole",
    "rename a person": "UPDATE people_person SET family_name = 'x'",
    "rename an employer": "UPDATE people_employer SET name = 'x'",
    "close a file": "UPDATE cases_alimonyfile SET state = 'closed'",
    "end a recovery file": "UPDATE recovery_cases_recoveryfile SET ended_on = current_date",
    "end a mandate": "UPDATE recovery_cases_mandate SET state = 'closed'",
    "change a debt": "UPDATE arrears_debt SET contributions = 0",
    "change an amount of the books": "UPDATE ledger_posting SET amount = 0",
    "strike a posting": "DELETE FROM ledger_posting",
    "strike a book": "DELETE FROM ledger_book",
    "rewrite history": "UPDATE cases_historicalalimonyfile SET state = 'x'",
    "rewrite what was configured": "UPDATE auditlog_logentry SET changes = '{}'",
    "strike a certificate": "DELETE FROM retention_certificate",
    "change a certificate": "UPDATE retention_certificate SET manifest = '{}'",
    "strike an approval": "DELETE FROM retention_erasureapproval",
    "approve": "INSERT INTO retention_erasureapproval SELECT * FROM retention_erasureapproval",
    "approve a list": "UPDATE retention_erasurelist SET state = 'approved'",
    "add to a list": "INSERT INTO retention_erasureitem SELECT * FROM retention_erasureitem",
    "read the log": "SELECT * FROM seclog.event",
    "strike the log": "DELETE FROM seclog.event",
    "read who sits at the portal": "SELECT * FROM seat.session",
    "read a question of the watchers": "SELECT * FROM seclog.question",
}


def denied(alias: str, statements: Iterable[str], why: str = "permission denied") -> None:
    """Each of these statements is refused by the database itself."""
    with connections[alias].cursor() as cursor:
        for statement in statements:
            with pytest.raises(ProgrammingError, match=why), transaction.atomic(using=alias):
                cursor.execute(statement)


def test_who_erases_changes_nothing_else() -> None:
    denied("eraser", MEDDLING.values())


CHANGED_BY_THE_ERASER = {
    "people_person", "people_employer", "people_paymentaccount", "people_registrationact",
    "people_identityproposal", "people_identityoutcome",
    "cases_alimonyfile", "recovery_cases_recoveryfile", "retention_erasureitem", "advances_runline",
    "ledger_book", "ledger_claim", "ledger_journalentry", "ledger_collection", "ledger_bankmovement",
    "ledger_paymentinstruction", "ledger_paymentfile",
}  # fmt: skip


def test_no_table_is_open_to_the_eraser_as_a_whole(committed_database: str) -> None:
    """A new table comes without the right to change it; columns are granted one by one."""
    with connections["eraser"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, has_table_privilege(c.oid, 'UPDATE, INSERT, TRUNCATE'),"
            " has_any_column_privilege(c.oid, 'UPDATE') FROM pg_class c"
            " WHERE c.relnamespace IN ('public'::regnamespace, 'keystore'::regnamespace)"
            " AND c.relkind IN ('r', 'p')"
        )
        rows = cursor.fetchall()
    assert [name for name, whole, _some in rows if whole] == ["retention_certificate"]
    assert {name for name, _whole, some in rows if some} == CHANGED_BY_THE_ERASER


WATCHED = (
    "SELECT * FROM seclog.event",
    "SELECT * FROM seclog.question",
    "SELECT * FROM seclog.answer(gen_random_uuid())",
    "SELECT * FROM seclog.summary(gen_random_uuid())",
    "SELECT * FROM seclog.committed_question(gen_random_uuid(), 'rows')",
    "SELECT * FROM public.people_person",
    "SELECT * FROM public.access_user",
    "SELECT * FROM keystore.data_key",
    "SELECT * FROM seat.session",
    "SELECT seclog.record('{}', 'READ', 'x', NULL, '', '', '{}', '{}', '', '{}', '', '')",
)


def test_who_watches_reads_nothing_without_a_committed_question() -> None:
    denied("watch", WATCHED, r"permission denied|no committed question")


OFFICE_MAY_NOT = (
    "SELECT * FROM seclog.event",
    "SELECT * FROM seat.session",
    "SELECT * FROM seat.at_work",
    "SELECT * FROM seclog.answer(gen_random_uuid())",
    "DELETE FROM cases_alimonyfile",
    "DELETE FROM recovery_cases_recoveryfile",
    "DELETE FROM retention_certificate",
    "INSERT INTO retention_certificate SELECT * FROM retention_certificate",
    "UPDATE retention_erasureapproval SET role = 'dpo'",
    "DELETE FROM retention_erasureapproval",
    "DELETE FROM retention_listchange",
    "DELETE FROM auditlog_logentry",
    "UPDATE auditlog_logentry SET changes = '{}'",
    "TRUNCATE office_job",
)


@pytest.mark.obligation("17/006 §16.3")
def test_the_application_itself_neither_reads_the_log_nor_erases() -> None:
    denied("default", OFFICE_MAY_NOT)


def test_the_application_rewrites_no_history(committed_database: str) -> None:
    """Every table of history, whatever room it belongs to, and the timelines."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname ~ '_historical|_fileevent|_caseevent'"
            " AND has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE')"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("lapsed", ["role", "person"])
def test_an_approval_of_somebody_who_no_longer_holds_the_role_is_refused_by_the_database(
    lapsed: str, due_file: DueFile, proposed: Proposed, dpo: User
) -> None:
    due_file()
    made = proposed()
    if lapsed == "role":
        for role in dpo.roles.all():
            role.valid_until = date(2025, 1, 1)
            role.save()
    else:
        dpo.is_active = False
        dpo.save()
    with pytest.raises(IntegrityError, match="a role that the person holds"), transaction.atomic():
        ErasureApproval.objects.create(list=made, user=dpo, role="dpo")
