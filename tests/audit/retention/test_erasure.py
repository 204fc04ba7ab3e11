"""A file that has to go is gone everywhere, its siblings stay whole, and its certificate follows the scan."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.db import connections

from audit.console.finding import Found, find
from audit.log.reading import Why
from audit.retention import erasing, jobs, scan
from audit.retention.models import Certificate, ErasureItem, ErasureList, ItemState, ListState
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.cases.models import AlimonyFile
from secal.kernel.identifiers import format_niss
from secal.office import keeping
from secal.office.jobs import request_job
from secal.office.models import Job, JobState
from secal.people.models import PaymentAccount, Person
from tests import stories

pytestmark = pytest.mark.usefixtures("committed_database")

DueFile = Callable[..., AlimonyFile]
Approved = Callable[[], ErasureList]
Run = Callable[[ErasureList], Job]

NAME = ("Zébulon", "Van Quetzaele")
ADDRESS = "Quai des Canaris 97 boîte 13"
ACCOUNT = "BE62510007547061"


def quetzaele(**details: Any) -> Any:
    return stories.person(*NAME, date(1984, 2, 3), address=ADDRESS, **details)


def tables_with(administrator: psycopg.Connection[Any], needles: list[str]) -> set[str]:
    """Every table but the security log's with a row whose text or bytes hold one of the needles."""
    found = set()
    tables = administrator.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
        " AND table_schema NOT IN ('pg_catalog', 'information_schema', 'seclog')"
    ).fetchall()
    wanted = [needle.casefold().encode() for needle in needles]
    for schema, table in tables:
        for row in administrator.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall():
            for value in row:
                raw = bytes(value) if isinstance(value, bytes) else str(value).casefold().encode()
                if any(needle in raw for needle in wanted):
                    found.add(f"{schema}.{table}")
    return found


@pytest.mark.obligation("17/006 §7", "17/006 §15")
def test_an_approved_file_is_erased_and_nothing_of_it_is_found_anywhere(
    due_file: DueFile,
    approved: Approved,
    run_erasure: Run,
    administrator: psycopg.Connection[Any],
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    debtor = quetzaele()
    creditor = stories.els(niss=stories.new_niss(date(1988, 4, 12)), iban=ACCOUNT)
    file = due_file(debtor=debtor, creditor=creditor)
    persons = [str(pk) for pk in (file.debtor_id, file.creditor_id)]
    needles = [debtor.niss, format_niss(debtor.niss), NAME[1], "van quetzaele", ADDRESS, ACCOUNT, *persons]
    before = tables_with(administrator, [NAME[1], str(file.debtor_id)])
    assert {"public.people_person", "public.people_historicalperson"} <= before, "the scan sees what is there"
    key = file.key_id

    job = run_erasure(approved())

    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.result == {"erased": 1}
    assert tables_with(administrator, needles) == set()
    left = tables_with(administrator, [str(file.pk)])
    assert left == {"public.retention_erasureitem", "public.retention_certificate"}
    keys = administrator.execute("SELECT count(*) FROM keystore.data_key WHERE id = %s", [key]).fetchone()
    assert keys == (0,)
    assert not administrator.execute("SELECT 1 FROM keystore.data_key WHERE purpose = 'erasure'").fetchall()
    item = ErasureItem.objects.get()
    assert (item.state, item.material, item.key_id) == (ItemState.ERASED, None, None)
    assert item.scan["hits"] == 0 and item.scan["columns"] > 200
    assert item.counts["rows"]["cases_historicalalimonyfile"] > 0
    assert ErasureList.objects.get().state == ListState.DONE
    certificate = Certificate.objects.get()
    assert bytes(certificate.pdf).startswith(b"%PDF-")
    assert certificate.manifest["unit"]["number"] == file.number
    assert len(certificate.manifest["approvals"]) == 2
    acts = [row["act"] for row in security_log(file=file.pk) if row["act"].startswith("erasure.")]
    assert acts == ["erasure.begin", "erasure.keys", "erasure.rows", "erasure.certify"]


def test_the_log_finds_an_erased_file_by_its_number_and_by_its_certificates(
    due_file: DueFile, approved: Approved, run_erasure: Run, make_user: Callable[..., User]
) -> None:
    file = due_file()

    def told(number: str) -> list[Found]:
        with acting_as(dpo.pk):
            return find(number, why=Why("complaint", "DPO-2026-014"))

    dpo = make_user(Role.DATA_PROTECTION_OFFICER, given_name="Paul")
    assert told(file.number) == [Found("unit", file.pk, file.number)]
    run_erasure(approved())
    certificate = Certificate.objects.get().number
    for number in (file.number, certificate, certificate.lower()):
        assert told(number) == [Found("identifier", file.pk, number.upper())]
    assert told("CERT-2026-999999") == []


def test_a_person_of_another_file_stays_with_their_key_and_that_file_stays_whole(
    due_file: DueFile, approved: Approved, run_erasure: Run, registrar: User, officer: User
) -> None:
    els = stories.els()
    gone = due_file(creditor=els, debtor=quetzaele())
    other = stories.granted_file(registrar=registrar, officer=officer, creditor=els, children=2)
    other.refresh_from_db()
    assert other.creditor_id == gone.creditor_id
    counts = _counts(other.pk)

    assert run_erasure(approved()).state == JobState.DONE

    assert not AlimonyFile.objects.filter(pk=gone.pk).exists()
    assert _counts(other.pk) == counts
    with acting_as(officer.pk):
        creditor = Person.objects.get(pk=other.creditor_id)
        assert creditor.open_value("niss") == els.niss
        assert PaymentAccount.objects.get(person=creditor).open_value("iban") == stories.IBAN
    assert creditor.history.exists()
    assert not Person.objects.filter(pk=gone.debtor_id).exists()


def test_a_namesake_is_no_residue(
    due_file: DueFile, approved: Approved, run_erasure: Run, registrar: User, officer: User
) -> None:
    due_file(debtor=quetzaele(), creditor=stories.els(iban=""))
    namesake = stories.granted_file(registrar=registrar, officer=officer, debtor=quetzaele())
    assert run_erasure(approved()).state == JobState.DONE
    assert Person.objects.filter(pk=namesake.debtor_id).exists()


def test_jobs_about_the_file_go_with_it(due_file: DueFile, approved: Approved, run_erasure: Run) -> None:
    file = due_file()
    with service_work("retention"):
        about = request_job("retention.list", str(file.pk), ring=False)
        other = request_job("retention.list", str(uuid.uuid4()), ring=False)
    assert run_erasure(approved()).state == JobState.DONE
    assert not Job.objects.filter(pk=about.pk).exists()
    assert Job.objects.filter(pk=other.pk).exists()


def test_a_file_that_is_due_no_longer_when_its_turn_comes_is_kept_whole(
    due_file: DueFile, approved: Approved, run_erasure: Run, officer: User
) -> None:
    file = due_file()
    erasure_list = approved()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE cases_alimonyfile SET closed_on = '2026-11-10' WHERE id = %s", [file.pk])
    job = run_erasure(erasure_list)
    assert (job.state, job.result) == (JobState.DONE, {"kept_back": 1})
    item = ErasureItem.objects.get()
    assert (item.state, item.reason, item.material) == (ItemState.KEPT_BACK, "no_longer_due", None)
    with acting_as(officer.pk):
        assert Person.objects.get(pk=file.debtor_id).open_value("niss")
    assert not Certificate.objects.exists()


def test_what_the_scan_finds_afterwards_is_an_alarm_and_no_certificate(
    due_file: DueFile, approved: Approved, run_erasure: Run, dpo: User, client_for: Callable[[User], Any]
) -> None:
    due_file(debtor=quetzaele())
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE copied_somewhere (id integer, told jsonb)")
        cursor.execute(
            "INSERT INTO copied_somewhere VALUES (1, %s)", ['{"wie": "ZEBULON van  Quetzaele, schuldenaar"}']
        )
    erasure_list = approved()
    job = run_erasure(erasure_list)
    assert (job.state, job.error) == (JobState.FAILED, "erasure.residue")
    item = ErasureItem.objects.get()
    assert (item.state, item.scan["hits"]) == (ItemState.RESIDUE, 1)
    (place,) = item.scan["where"]
    assert (place["table"], place["column"], place["rows"]) == ("public.copied_somewhere", "told", 1)
    assert "quetzaele" not in str(item.scan).casefold()
    assert not Certificate.objects.exists()
    told = client_for(dpo).get("/conservation/").content.decode()
    assert "copied_somewhere.told" in told and "Quetzaele" not in told

    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TABLE copied_somewhere")
    assert run_erasure(erasure_list).state == JobState.DONE
    assert ErasureItem.objects.get().state == ItemState.ERASED
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("place", ["logs", "broker"])
def test_what_lies_in_a_log_or_in_the_broker_holds_the_certificate_back(
    place: str, due_file: DueFile, approved: Approved, run_erasure: Run, tmp_path: Path, settings: Any
) -> None:
    debtor = quetzaele()
    due_file(debtor=debtor)
    settings.STATE_DIR = tmp_path
    log = tmp_path / "logs" / "worker.log"
    log.parent.mkdir()
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        try:
            if place == "logs":
                log.write_text(f"asked about {format_niss(debtor.niss)}\n")
            else:
                broker.set("left-behind", f"Zébulon Van Quetzaele {debtor.niss}")
            assert run_erasure(approved()).error == "erasure.residue"
        finally:
            broker.delete("left-behind")
    assert [where["table"] for where in ErasureItem.objects.get().scan["where"]] == [place]
    assert not Certificate.objects.exists()


def test_history_that_nobody_erases_is_found(
    due_file: DueFile, approved: Approved, run_erasure: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    due_file()
    monkeypatch.setattr(erasing, "_delete_history", lambda *_args: 0)
    assert run_erasure(approved()).error == "erasure.residue"
    tables = {place["table"] for place in ErasureItem.objects.get().scan["where"]}
    assert {"public.cases_historicalalimonyfile", "public.people_historicalperson"} <= tables
    assert not Certificate.objects.exists()


def test_a_search_that_does_not_find_the_file_before_erases_nothing(
    due_file: DueFile, approved: Approved, run_erasure: Run, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = due_file()
    monkeypatch.setattr(scan, "_in_table", lambda *_args: [])
    job = run_erasure(approved())
    assert (job.state, job.error) == (JobState.FAILED, "erasure.blind")
    assert ErasureItem.objects.get().reason == "scan_blind"
    with acting_as(officer.pk):
        assert Person.objects.get(pk=file.debtor_id).open_value("niss")


def test_a_table_that_cannot_be_read_stops_the_erasure(
    due_file: DueFile, approved: Approved, run_erasure: Run
) -> None:
    file = due_file()
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE out_of_sight (told text)")
        cursor.execute("REVOKE ALL ON out_of_sight FROM secal_eraser")
    job = run_erasure(approved())
    assert (job.state, job.error) == (JobState.FAILED, "erasure.unreadable")
    assert AlimonyFile.objects.filter(pk=file.pk).exists()


def test_somebody_named_by_another_file_meanwhile_stays(
    due_file: DueFile,
    approved: Approved,
    run_erasure: Run,
    registrar: User,
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the list of rows and their erasure, a new file names the creditor."""
    els = stories.els()
    gone = due_file(creditor=els)
    erasure_list = approved()
    prove = jobs._prove

    def prove_then_register(*args: Any) -> None:
        prove(*args)
        stories.register_file(registrar=registrar, officer=officer, creditor=replace(els))

    monkeypatch.setattr(jobs, "_prove", prove_then_register)
    assert run_erasure(erasure_list).state == JobState.DONE
    with acting_as(officer.pk):
        assert Person.objects.get(pk=gone.creditor_id).open_value("niss") == els.niss
    assert not Person.objects.filter(pk=gone.debtor_id).exists()


def _counts(file_id: uuid.UUID) -> dict[str, int]:
    return {
        entry.label: len(entry.rows_of("default", file_id))
        for entry in keeping.kept_of("alimony_file")
        if not entry.shared
    }
