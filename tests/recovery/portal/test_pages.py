"""The bailiffs' pages under the portal's own database user: list, file, forms with their check, receipts."""

import hashlib
import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from recovery.arrears.models import OppositionForm
from recovery.arrears.services.oppositions import record_opposition
from recovery.cases import dues
from recovery.cases.models import Act, Mandate, Title
from recovery.portal.booking import book_waiting
from recovery.portal.models import CollectedPayment, FollowUp
from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.ledger.services.receipts import record_collected
from tests.recovery import stories
from tests.recovery.portal.conftest import AtPortal, World, seated
from tests.recovery.portal.hostile import good, hostile

SERVICE = {
    "day": "01/09/2026",
    "hour": "10h30",
    "place": "bruxelles",
    "mode": "at_domicile",
    "residence": "belgium",
    "costs": "95,40",
    "leave_on": "",
    "note": "Remis à la gérante",
    "rectifies": "",
}


def address(name: str, world: World, *more: uuid.UUID) -> str:
    return reverse(f"portal:{name}", args=[world.file_id, *more])


def ticket_on(page: Any) -> str:
    found = re.search(r'name="ticket" value="([0-9a-f-]{36})"', page.content.decode())
    assert found, page.content.decode()
    return found[1]


def fill(browser: Client, where: str, answers: dict[str, Any]) -> Any:
    """Open the form, check the answers, send them as the check page carries them."""
    answers = {**answers, "ticket": ticket_on(browser.get(where))}
    check = browser.post(where, {**answers, "step": "check"})
    assert check.status_code == 200
    text = check.content.decode()
    assert "Rien n’est encore enregistré" in text, _errors(text)
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    carried.pop("csrfmiddlewaretoken", None)
    return browser.post(where, {**carried, "step": "send"})


def _errors(text: str) -> list[str]:
    return re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]+)<', text)


def test_a_bailiff_works_a_file_from_service_to_the_end(
    world: World, at_portal: AtPortal, security_log: Any
) -> None:
    browser = seated(world.staff.bailiff)
    mandate = {"mandate": str(world.mandate.pk)}
    with at_portal():
        text = browser.get("/").content.decode()
        assert "Mes dossiers (1)" in text and "Boulangerie du Midi SRL" in text and "De Smet" not in text
        where = address("service", world)
        checked = browser.post(where, {**SERVICE, **mandate, "ticket": str(uuid.uuid4()), "step": "check"})
        assert "01/10/2026" in checked.content.decode() and "02/09/2026 10:30" in checked.content.decode()
    assert not Act.objects.filter(file=world.file_id).exists()
    with at_portal():
        served = fill(browser, where, {**SERVICE, **mandate})
        receipt = browser.get(served["Location"]).content.decode()
        assert f"Acte {world.mandate.title.number}/1" in receipt

        seizure = {
            **SERVICE,
            **mandate,
            "kind": "movable_seizure",
            "day": "08/09/2026",
            "amount": "10.000,00",
        }
        answer = fill(browser, address("act", world), seizure)
        assert f"{world.mandate.title.number}/2" in browser.get(answer["Location"]).content.decode()

        answer = fill(
            browser,
            address("payment", world),
            {**mandate, "amount": "2.500,00", "received_on": "09/09/2026", "way": "cash", "quarter": ""},
        )
        assert "à comptabiliser" in browser.get(answer["Location"]).content.decode()

        act_id = served["Location"].split("/")[-2]
        upload = {"act": act_id, "deed": SimpleUploadedFile("../x.pdf", good(), "application/pdf")}
        answer = browser.post(address("deed", world), upload)
        assert answer.status_code == 302, _errors(answer.content.decode())
        receipt = browser.get(answer["Location"]).content.decode()
        (link,) = set(re.findall(r'href="(/dossiers/[^"]+/pieces/[^"]+)"', receipt))
        taken = browser.get(link)
        assert (taken.status_code, taken.content[:5]) == (200, b"%PDF-")
        assert hashlib.sha256(taken.content).hexdigest() in receipt
        bad = {"act": act_id, "deed": SimpleUploadedFile("x.pdf", hostile()["an action at opening"][0])}
        assert "contient du code" in browser.post(address("deed", world), bad).content.decode()
    assert book_waiting(at=timezone.now()) == {"follow_ups": 2, "payments": 1}
    with at_portal():
        page = browser.get(address("file", world)).content.decode()
        for words in ("comptabilisé", "saisie-exécution", "Montant dû ce jour", "−2", "Vous détenez"):
            assert words in page, words
        ended = fill(
            browser,
            address("end", world),
            {**mandate, "how": "close", "hand_back_reason": "", "close_reason": "no_goods"},
        )
        assert (ended.status_code, ended["Location"]) == (302, "/")
        assert "Mes dossiers (0)" in browser.get("/").content.decode()
        assert browser.get(address("file", world)).status_code == 404
    ended_mandate = Mandate.objects.get(pk=world.mandate.pk)
    assert (ended_mandate.state, ended_mandate.end_reason) == ("closed", "no_goods")
    assert ended_mandate.history.latest().history_user_id == world.staff.bailiff.pk
    assert FollowUp.objects.filter(act=None, mandate=ended_mandate, done_at=None).exists()
    kinds = {row["act"] for row in security_log(kind="WRITE", database_user="secal_portal")}
    assert kinds == {"act.record", "payment.record", "deed.upload", "mandate.close"}
    assert Title.objects.get(pk=world.mandate.title_id).state == "closed"
    assert CollectedPayment.objects.get().amount == Decimal("2500.00")


def test_the_next_step_of_a_file_is_the_court_while_opposed_and_the_end_once_paid(
    world: World, at_portal: AtPortal
) -> None:
    browser = seated(world.staff.bailiff)
    title = stories.serve(world.staff, world.mandate)

    def next_step() -> str:
        with at_portal():
            told = [browser.get("/").content.decode(), browser.get(address("file", world)).content.decode()]
        (shown,) = re.findall(r'class="identity__next">.*?<dd>(.*?)</dd>', told[1], re.S)
        words = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
        assert words in told[0]
        return words

    with acting_as(world.staff.directorate.pk):
        record_opposition(
            file_id=world.file_id,
            title_id=title.pk,
            filed_on=date(2026, 9, 1),
            form=OppositionForm.SUMMONS,
            reasoned=True,
            on=date(2026, 9, 1),
        )
    assert next_step() == "Opposition en cours : attendre la décision du tribunal"
    with service_work("collection"):
        dues.fix(world.file, on=timezone.localdate())
        owed = dues.amount_due(world.file, on=timezone.localdate()).due
        record_collected(
            book_id=world.file.book_id, amount=owed, on=timezone.localdate(), source=uuid.uuid4()
        )
    assert next_step() == "Tout est payé : clôturer l’intervention"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": "05/09/2026"}, "hors des heures permises"),
        ({"place": "liege"}, "art. 516"),
        ({"hour": "25:00"}, "n’est pas une heure"),
        ({"mode": ""}, "Dites comment la contrainte"),
        ({"mandate": str(uuid.UUID(int=9))}, "confié à votre étude"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_the_answers(
    changed: dict[str, str], words: str, world: World, client_for: Callable[[User], Client], settings: Any
) -> None:
    """The form itself, in the application's own process: the same code without row security."""
    from recovery.cases.selectors import own_running_mandates
    from recovery.portal.forms import ServiceForm
    from recovery.portal.services import preview_service
    from secal.access.unit_of_work import acting_as
    from secal.kernel.errors import DomainError

    answers = {**SERVICE, "mandate": str(world.mandate.pk), "ticket": str(uuid.uuid4()), **changed}
    with acting_as(world.staff.bailiff.pk):
        form = ServiceForm(answers, mandates=list(own_running_mandates(world.file)), office_place="bruxelles")
        if form.is_valid():
            try:
                preview_service(file_id=world.file_id, facts=form.facts(), now=timezone.now())
            except DomainError as error:
                form.refuse(error)
    assert words in str(form.errors)
    assert form["note"].value() == SERVICE["note"]


def test_the_list_asks_as_much_for_one_file_as_for_many(
    world: World, at_portal: Callable[[], AbstractContextManager[None]]
) -> None:
    browser = seated(world.staff.bailiff)
    asked = []
    for more in (0, 4):
        for _time in range(more):
            stories.mandated_title(world.staff)
        with at_portal():
            browser.get("/")
            with CaptureQueriesContext(connection) as queries:
                text = browser.get("/").content.decode()
            asked.append(len(queries))
            assert f"Mes dossiers ({more + 1})" in text
            for tab in ("a-signifier", "delai-opposition", "opposition", "a-executer", "x"):
                assert browser.get("/", {"onglet": tab, "page": "9"}).status_code == 200
    assert asked[0] == asked[1] <= 25, asked
