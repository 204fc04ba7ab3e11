"""Every address of the portal, as the table of addresses names them: who is not, or no longer, the bailiff
of the file gets 404, and the refusal is in the log."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from recovery.cases.models import Document
from recovery.portal import urls
from recovery.portal.models import PaymentWay
from recovery.portal.services import PaymentFacts, record_payment
from secal.access.models import User
from secal.access.unit_of_work import acting_as
from tests.recovery.portal.conftest import AtPortal, World, seated
from tests.recovery.portal.test_row_security import ENDS
from tests.recovery.portal.test_services import NOW, serve

Log = Callable[..., list[dict[str, Any]]]
ABOUT_A_FILE: list[URLPattern] = [line for line in urls.urlpatterns if "file_id" in line.pattern.converters]


def test_every_address_but_the_list_is_about_a_file() -> None:
    assert {line.name for line in urls.urlpatterns if line not in ABOUT_A_FILE} == {"home"}
    assert len(ABOUT_A_FILE) > 8


def addresses(world: World, at_portal: AtPortal, *, guessed: bool = False) -> Iterator[tuple[str, str]]:
    """Each address of the sibling-proof walk, filled with rows that are there (or with guesses)."""
    values: dict[str, uuid.UUID] = {"file_id": world.file_id, **_rows(world)}
    for line in ABOUT_A_FILE:
        wanted = {name: uuid.uuid4() if guessed else values[name] for name in line.pattern.converters}
        yield (
            str(line.name),
            reverse(f"portal:{line.name}", kwargs=wanted, urlconf="secal.config.portal_urls"),
        )


def _rows(world: World) -> dict[str, uuid.UUID]:
    """An act, a payment and a paper of the file, made once."""
    act = world.mandate.acts.first() or serve(world)
    facts = PaymentFacts(world.mandate.pk, 100, NOW.date(), PaymentWay.CASH)  # type: ignore[arg-type]
    with acting_as(world.staff.bailiff.pk):
        payment = record_payment(
            file_id=world.file_id, facts=facts, payment_id=uuid.UUID(int=5), on=NOW.date()
        )
    paper = Document.objects.filter(file=world.file_id).first()
    assert paper is not None
    return {"act_id": act.pk, "payment_id": payment.pk, "document_id": paper.pk}


def refused_everywhere(
    user: User, walk: list[tuple[str, str]], at_portal: AtPortal, security_log: Log
) -> None:
    """GET and POST give 404 (405 where nothing is posted), and each refusal of a page leaves a row."""
    browser = seated(user)
    before = len(security_log(kind="DENY", actor=user.pk))
    tried = 0
    with at_portal():
        for name, address in walk:
            codes = [browser.get(address).status_code, browser.post(address, {"step": "send"}).status_code]
            assert codes in ([404, 404], [404, 405]), (name, codes)
            tried += codes.count(404)
    denied = security_log(kind="DENY", actor=user.pk)[before:]
    assert len(denied) == tried
    assert {row["database_user"] for row in denied} == {"secal_portal"}


@pytest.mark.obligation("forbidden 3")
def test_the_siblings_bailiff_gets_404_on_every_route_and_each_is_logged(
    world: World, at_portal: AtPortal, security_log: Log
) -> None:
    walk = list(addresses(world, at_portal))
    refused_everywhere(world.sibling, walk, at_portal, security_log)
    refused_everywhere(
        world.sibling, list(addresses(world, at_portal, guessed=True)), at_portal, security_log
    )
    browser = seated(world.staff.bailiff)
    with at_portal():
        for name, address in walk:
            assert browser.get(address).status_code == 200, name


@pytest.mark.obligation("17/006 §7", "17/006 §15")
@pytest.mark.obligation("forbidden 3")
@pytest.mark.parametrize("end", ENDS)
def test_after_the_end_every_route_is_404_in_the_seat_that_was_open(
    end: Callable[[World], None], world: World, at_portal: AtPortal, security_log: Log
) -> None:
    walk = list(addresses(world, at_portal))
    user = world.staff.bailiff
    browser = seated(user)
    with at_portal():
        assert browser.get(walk[0][1]).status_code == 200
    end(world)
    with at_portal():
        assert browser.get(walk[0][1]).status_code == 404
        assert "Mes dossiers (0)" in browser.get(reverse("portal:home")).content.decode()
    refused_everywhere(user, walk, at_portal, security_log)


@pytest.mark.obligation("17/006 §21")
def test_a_deactivated_bailiff_is_sent_to_the_login_from_every_route(
    world: World, at_portal: AtPortal
) -> None:
    walk = list(addresses(world, at_portal))
    browser = seated(world.staff.bailiff)
    User.objects.get(pk=world.staff.bailiff.pk)
    user = User.objects.get(pk=world.staff.bailiff.pk)
    user.is_active = False
    user.save()
    with at_portal():
        for name, address in walk:
            for answer in (browser.get(address), browser.post(address)):
                assert answer.status_code in (302, 405), name
                assert answer.status_code == 405 or answer["Location"].startswith("/connexion/"), name


def test_a_paper_of_another_file_is_not_found_under_ones_own(world: World, at_portal: AtPortal) -> None:
    """Our own file in the address, the sibling's paper after it."""
    other = Document.objects.filter(file=world.sibling_mandate.file_id).first()
    assert other is not None
    browser = seated(world.staff.bailiff)
    with at_portal():
        address = reverse("portal:document", args=[world.file_id, other.pk])
        assert browser.get(address).status_code == 404


def test_what_is_shown_is_logged_for_the_purpose_of_recovery(
    world: World, at_portal: AtPortal, security_log: Log
) -> None:
    browser, user = seated(world.staff.bailiff), world.staff.bailiff
    paper = Document.objects.filter(file=world.file_id, title=world.mandate.title_id).first()
    assert paper is not None
    with at_portal():
        assert browser.get(reverse("portal:home")).status_code == 200
        assert browser.get(reverse("portal:file", args=[world.file_id])).status_code == 200
        answer = browser.get(reverse("portal:document", args=[world.file_id, paper.pk]))
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith('attachment; filename="ONSS-')
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    reads = security_log(kind="READ", actor=user.pk, database_user="secal_portal")
    assert {row["purpose"] for row in reads} == {"recovery"}
    assert {row["act"] for row in reads} == {"portal.list", "portal.open"}
    (left,) = security_log(kind="EXPORT", actor=user.pk)
    assert (left["file"], left["fields"]) == (world.file_id, [f"document:{paper.kind}"])
