"""The pages of recovery: each step on its page, by its person; what is shown is logged; lists do not grow
dear.
"""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recovery.arrears.models import (
    Contest,
    DebtCharge,
    Delegation,
    FormalNotice,
    NoticeLine,
    Opposition,
    RollLine,
    RollState,
    SpecialRoll,
)
from recovery.cases.dues import amounts_due
from recovery.cases.models import Document, RecoveryFile, Title
from secal.access.models import User
from secal.access.roles import Role
from secal.office.formatting import money_text
from secal.people.models import Employer
from tests.recovery.stories import (
    ROLL_ON,
    People,
    drawn_roll,
    enforceable_roll,
    enterprise_number,
    made_file,
    made_title,
    mandated_title,
    sent_notice,
    served_title,
)

Clients = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """The office's today, in every module of the pages."""

    def at(day: date) -> None:
        for room in ("employers", "files", "notices", "oppositions", "rolls"):
            monkeypatch.setattr(f"recovery.arrears.views.{room}.today", lambda: day)

    at(ROLL_ON)
    return at


def employer_answers(**changes: str) -> dict[str, str]:
    return {
        "kind": "legal",
        "enterprise_number": enterprise_number(),
        "name": "Garage Sambre",
        "legal_form": "SRL",
        "address": "Rue de Fer 3, 5000 Namur",
        "arrondissement": "namur",
        "language": "fr",
        **changes,
    }


def test_an_employer_and_a_debt_are_recorded_on_their_pages(staff: People, client_for: Clients) -> None:
    browser = client_for(staff.clerk)
    assert browser.get(reverse("arrears:employer")).status_code == 200
    answer = browser.post(reverse("arrears:employer"), employer_answers())
    employer = Employer.objects.get(name="Garage Sambre")
    debt = reverse("arrears:debt", args=[employer.pk])
    assert answer["Location"] == debt
    assert "Garage Sambre" in browser.get(debt).content.decode()
    answer = browser.post(debt, {"quarter": "2026-01-01", "origin": "declared", "contributions": "2 500,00"})
    file = RecoveryFile.objects.get(employer=employer)
    assert answer["Location"] == reverse("arrears:page", args=[file.pk])
    assert "2 500,00" in browser.get(answer["Location"]).content.decode().replace("\u202f", " ").replace(
        "\xa0", " "
    )


def test_an_employer_that_is_known_is_linked(staff: People, client_for: Clients) -> None:
    browser = client_for(staff.clerk)
    number = enterprise_number()
    for name in ("Garage Sambre", "Autre nom"):
        browser.post(reverse("arrears:employer"), employer_answers(enterprise_number=number, name=name))
    assert [employer.name for employer in Employer.objects.all()] == ["Garage Sambre"]


def test_the_notice_is_checked_before_it_goes(staff: People, client_for: Clients, on_the_day: Any) -> None:
    file = made_file(staff)
    on_the_day(date(2026, 6, 2))
    browser, url = client_for(staff.clerk), reverse("arrears:notice", args=[file.pk])
    assert browser.get(url).status_code == 200
    answers = {"channel": "e_box", "sent_on": "02/06/2026"}
    checked = browser.post(url, {**answers, "step": "check"}).content.decode()
    assert "Vérifier la mise en demeure" in checked
    assert not FormalNotice.objects.exists()
    browser.post(url, {**answers, "step": "send"})
    assert FormalNotice.objects.get(file=file).last_day == date(2026, 7, 2)


def test_the_presentation_opens_the_month(staff: People, client_for: Clients, on_the_day: Any) -> None:
    file = made_file(staff)
    on_the_day(date(2026, 6, 2))
    browser = client_for(staff.clerk)
    answers = {"channel": "registered_receipt", "sent_on": "02/06/2026", "step": "send"}
    browser.post(reverse("arrears:notice", args=[file.pk]), answers)
    notice = FormalNotice.objects.get(file=file)
    assert notice.last_day is None
    on_the_day(date(2026, 6, 8))
    url = reverse("arrears:presentation", args=[file.pk, notice.pk])
    assert browser.get(url).status_code == 200
    browser.post(url, {"presented_on": "05/06/2026"})
    notice.refresh_from_db()
    assert notice.last_day is not None


def test_a_contest_is_recorded_and_its_lines_are_not_offered_for_the_roll(
    staff: People, client_for: Clients
) -> None:
    file = made_file(staff)
    notice = sent_notice(staff, file)
    line = NoticeLine.objects.filter(notice=notice).earliest("amount")
    browser, url = client_for(staff.clerk), reverse("arrears:contest", args=[file.pk, notice.pk])
    assert browser.get(url).status_code == 200
    browser.post(url, {"channel": "registered", "sent_on": "22/06/2026", "lines": [str(line.pk)]})
    assert Contest.objects.get().effective
    page = browser.get(reverse("arrears:draw", args=[file.pk])).content.decode()
    assert f'value="{line.pk}"' not in page
    assert "voie judiciaire" in page


def test_a_roll_is_drawn_signed_and_becomes_a_constraint(staff: People, client_for: Clients) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    clerk, signatory = client_for(staff.clerk), client_for(staff.signatory)
    url = reverse("arrears:draw", args=[file.pk])
    assert clerk.get(url).status_code == 200
    clerk.post(url, {"lines": [str(line.pk) for line in NoticeLine.objects.all()]})
    roll = SpecialRoll.objects.get(file=file)
    assert signatory.get(reverse("arrears:rolls")).status_code == 200
    assert (
        "Rendre exécutoire"
        in signatory.get(reverse("arrears:roll", args=[file.pk, roll.pk])).content.decode()
    )
    signatory.post(reverse("arrears:sign", args=[file.pk, roll.pk]))
    roll.refresh_from_db()
    assert roll.state == RollState.ENFORCEABLE
    signatory.post(reverse("arrears:issue", args=[file.pk, roll.pk]))
    title = Title.objects.get(file=file)
    page = signatory.get(reverse("arrears:page", args=[file.pk])).content.decode()
    assert title.number in page


def test_what_is_due_with_the_interest_is_what_the_portal_shows(staff: People, client_for: Clients) -> None:
    mandate = mandated_title(staff)
    due = amounts_due([mandate.file], on=ROLL_ON, quarters={mandate.file_id: mandate.title.quarters})
    reckoned = due[mandate.file_id]
    page = client_for(staff.clerk).get(reverse("arrears:page", args=[mandate.file_id]))
    with_interest, booked = page.context["figures"][:2]
    assert (with_interest["amount"], booked["amount"]) == (reckoned.due, reckoned.open)
    assert with_interest["label"] == "Reste dû avec les intérêts à ce jour"
    assert booked["label"] == "Reste dû, comptabilisé"
    assert reckoned.interest > 0 and money_text(reckoned.interest) in page.context["interest_booked"]


def test_a_paper_is_given_as_it_was_kept_and_logged(
    staff: People, client_for: Clients, security_log: Log
) -> None:
    title = made_title(staff)
    paper = Document.objects.get(file=title.file, kind="constraint")
    answer = client_for(staff.clerk).get(reverse("arrears:document", args=[title.file_id, paper.pk]))
    assert answer.content.startswith(b"%PDF")
    assert ["document:constraint"] in [row["fields"] for row in security_log(kind="READ")]


def test_an_opposition_and_its_decision_are_recorded_on_their_pages(
    staff: People, client_for: Clients, on_the_day: Any
) -> None:
    title = served_title(staff)
    on_the_day(date(2026, 10, 1))
    browser, url = (
        client_for(staff.directorate),
        reverse("arrears:opposition", args=[title.file_id, title.pk]),
    )
    assert browser.get(url).status_code == 200
    browser.post(url, {"filed_on": "01/09/2026", "form": "summons", "reasoned": "on"})
    opposition = Opposition.objects.get()
    assert opposition.effective
    page = browser.get(reverse("arrears:page", args=[title.file_id])).content.decode()
    assert "exécution bloquée" in page
    url = reverse("arrears:decision", args=[title.file_id, opposition.pk])
    assert browser.get(url).status_code == 200
    browser.post(url, {"decided_on": "25/09/2026", "upheld": "no"})
    opposition.refresh_from_db()
    assert opposition.upheld is False


def test_the_register_of_users_keeps_the_delegations(staff: People, client_for: Clients) -> None:
    browser, url = client_for(staff.user_registrar), reverse("arrears:delegations")
    assert staff.signatory.display_name in browser.get(url).content.decode()
    answers = {
        "delegate": str(staff.signatory.pk),
        "decision": "Décision du Comité de gestion du 03/02/2025",
        "decided_on": "03/02/2025",
        "from_on": "01/03/2025",
        "until_on": "",
        "issues_constraints": "on",
    }
    browser.post(url, answers)
    assert Delegation.objects.filter(from_on=date(2025, 3, 1), signs_rolls=False).count() == 1


@pytest.mark.parametrize("typed", ["boulangerie", "Boulangérie du Midi", "number", "communication", "file"])
def test_a_debtor_is_found_by_what_people_know(staff: People, client_for: Clients, typed: str) -> None:
    file = made_file(staff)
    known = {
        "number": file.employer.open_value("enterprise_number"),
        "communication": file.book.ogm,
        "file": file.number.lower(),
    }
    made_file(staff, name="Menuiserie Ardenne")
    browser, text = client_for(staff.clerk), known.get(typed, typed)
    found = browser.post(reverse("arrears:find"), {"q": text}).content.decode()
    assert file.number in found
    assert "Menuiserie" not in found
    everywhere = browser.post(reverse("office:search"), {"q": text}, follow=True).content.decode()
    assert file.number in everywhere
    assert "Menuiserie" not in everywhere


def test_what_no_database_reads_is_looked_for_without(staff: People, client_for: Clients) -> None:
    file = made_file(staff)
    found = client_for(staff.clerk).post(reverse("arrears:find"), {"q": "boulan\0gerie"})
    assert found.status_code == 200 and file.number in found.content.decode()


def test_the_operator_finds_only_files_with_a_transmitted_title(staff: People, client_for: Clients) -> None:
    file = made_file(staff)
    browser = client_for(staff.operator)
    assert file.number not in browser.get(reverse("arrears:list")).content.decode()
    assert browser.get(reverse("arrears:page", args=[file.pk])).status_code == 404


FOR_OTHERS = [
    ("arrears:employer", Role.RECOVERY_DIRECTORATE, ()),
    ("arrears:rolls", Role.CONCESSION_OPERATOR, ()),
    ("arrears:delegations", Role.ROLL_SIGNATORY, ()),
    ("arrears:list", Role.CASE_OFFICER, ()),
    ("arrears:page", Role.CASE_OFFICER, ("file",)),
    ("arrears:notice", Role.RECOVERY_DIRECTORATE, ("file",)),
    ("arrears:draw", Role.ROLL_SIGNATORY, ("file",)),
    ("arrears:roll", Role.CONCESSION_OPERATOR, ("file", "roll")),
]


@pytest.mark.parametrize(("name", "role", "names"), FOR_OTHERS)
def test_a_page_of_somebody_elses_task_is_refused_and_logged(
    staff: People,
    make_user: Callable[..., User],
    client_for: Clients,
    security_log: Log,
    name: str,
    role: Role,
    names: tuple[str, ...],
) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    known = {"file": file.pk, "roll": drawn_roll(staff, file).pk}
    answer = client_for(make_user(role)).get(reverse(name, args=[known[one] for one in names]))
    assert answer.status_code in (403, 404)
    assert len(security_log(kind="DENY")) == 1


def test_a_roll_of_another_file_is_not_shown_under_this_one(
    staff: People, client_for: Clients, security_log: Log
) -> None:
    file, other = made_file(staff), made_file(staff)
    sent_notice(staff, other)
    roll = enforceable_roll(staff, other)
    answer = client_for(staff.signatory).post(reverse("arrears:issue", args=[file.pk, roll.pk]))
    assert answer.status_code == 404
    assert not Title.objects.exists()
    assert [row["reason"] for row in security_log(kind="DENY")] == ["not_in_file"]


def test_nobody_finds_a_file_that_is_not_there(staff: People, client_for: Clients) -> None:
    assert client_for(staff.clerk).get(reverse("arrears:page", args=[uuid.uuid4()])).status_code == 404


def test_lists_cost_the_same_queries_at_1_10_and_100_rows(staff: People, client_for: Clients) -> None:
    browser = client_for(staff.clerk)
    asking = {"arrears:list": browser.get, "arrears:rolls": browser.get, "arrears:find": browser.post}
    costs: dict[str, list[int]] = {name: [] for name in asking}
    browser.get(reverse("arrears:list"))
    for size in (1, 10, 100):
        while RecoveryFile.objects.count() < size:
            file = made_file(staff, contributions=Decimal("100.00"))
            charge = DebtCharge.objects.filter(debt__file=file).earliest("amount")
            number = f"RS-LIST-{RecoveryFile.objects.count()}"
            roll = SpecialRoll.objects.create(
                file=file, number=number, drawn_on=ROLL_ON, drawn_by=staff.clerk
            )
            RollLine.objects.create(roll=roll, charge=charge, amount=charge.amount)
        for name, ask in asking.items():
            with CaptureQueriesContext(connection) as queries:
                assert ask(reverse(name), {"q": "boulangerie"}).status_code == 200
            costs[name].append(len(queries))
    assert {name: len(set(asked)) for name, asked in costs.items()} == dict.fromkeys(costs, 1), costs


def test_each_line_of_the_list_is_logged(staff: People, client_for: Clients, security_log: Log) -> None:
    files = [made_file(staff), made_file(staff)]
    client_for(staff.clerk).get(reverse("arrears:list"))
    seen = {row["file"] for row in security_log(act="recovery.list")}
    assert seen == {file.pk for file in files}
