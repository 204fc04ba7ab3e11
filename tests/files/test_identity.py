"""The pages on which registrars correct an identity: nothing of a person is shown, one answer for all."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from secal.access.models import User
from secal.access.roles import Role
from secal.kernel.identifiers import format_niss
from secal.people.models import IdentityProposal
from tests import stories

HERE = "/dossiers/identites/"
ClientFor = Callable[[User], Client]
pytestmark = pytest.mark.obligation("12/057 §22")


def correction(niss: str, new: str, **changes: Any) -> dict[str, Any]:
    paper = SimpleUploadedFile("carte.pdf", stories.PDF, "application/pdf")
    return {"person_niss": niss, "niss": new, "reason": "Faute de frappe", "paper": paper, **changes}


def words(answer: Any) -> str:
    """The page without form tokens and identifiers."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", text)


def test_a_correction_is_proposed_and_decided_by_two_registrars_at_the_screen(
    registrar: User,
    officer: User,
    make_user: Callable[..., User],
    client_for: ClientFor,
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    wrong, right = stories.els(), stories.els().niss
    stories.register_file(registrar=registrar, officer=officer, creditor=wrong)
    assert client_for(registrar).post(f"{HERE}numero/", correction(wrong.niss, right))["Location"] == HERE
    proposal = IdentityProposal.objects.get()
    address = f"{HERE}numero/{proposal.pk}/"
    assert client_for(registrar).get(address).status_code == 404, "not one's own"
    colleague = make_user(Role.REGISTRAR)
    browser = client_for(colleague)
    assert address in browser.get(HERE).content.decode()
    shown = browser.get(address).content.decode()
    assert "Faute de frappe" in shown
    for number in (wrong.niss, right):
        assert number not in shown and format_niss(number) not in shown and "Peeters" not in shown
    assert browser.get(f"{address}piece/").content == stories.PDF
    assert len(security_log(kind="READ", act="person.decide_correction", actor=colleague.pk)) == 2
    typed = {"person_niss": wrong.niss, "niss": wrong.niss, "decision": "approve"}
    assert "ne sont pas ceux de la proposition" in browser.post(address, typed).content.decode()
    assert browser.post(address, {**typed, "niss": right})["Location"] == HERE
    assert IdentityProposal.objects.get().state == "approved"
    assert browser.get(address).status_code == 404


def test_known_and_unknown_persons_get_the_same_answer_word_for_word(
    registrar: User, officer: User, make_user: Callable[..., User], client_for: ClientFor
) -> None:
    known, taken = stories.els(), stories.tom()
    stories.register_file(registrar=registrar, officer=officer, creditor=known, debtor=taken)
    answers = set()
    for niss, new in (
        (known.niss, stories.els().niss),
        (stories.els().niss, stories.els().niss),
        (known.niss, taken.niss),
    ):
        proposer, decider = (client_for(make_user(Role.REGISTRAR)) for _time in range(2))
        sent = proposer.post(f"{HERE}numero/", correction(niss, new), follow=True)
        proposal = IdentityProposal.objects.get(state="proposed")
        typed = {"person_niss": niss, "niss": new, "decision": "approve"}
        decided = decider.post(f"{HERE}numero/{proposal.pk}/", typed, follow=True)
        assert "Votre accord est enregistré" in decided.content.decode()
        answers.add((words(sent), words(decided)))
    assert len(answers) == 1


def test_a_merging_is_refused_at_the_screen_and_nothing_is_kept(
    registrar: User, make_user: Callable[..., User], client_for: ClientFor
) -> None:
    paper = SimpleUploadedFile("acte.pdf", stories.PDF, "application/pdf")
    typed = {
        "kept_niss": stories.els().niss,
        "emptied_file": "secal 2026/7",
        "emptied_place": "child",
        "emptied_born": "01/03/2015",
        "reason": "Enregistrée deux fois",
        "paper": paper,
    }
    assert client_for(registrar).post(f"{HERE}fusion/", typed)["Location"] == HERE
    proposal = IdentityProposal.objects.get()
    browser = client_for(make_user(Role.REGISTRAR))
    assert browser.post(f"{HERE}fusion/{proposal.pk}/", {"decision": "refuse"})["Location"] == HERE
    assert (IdentityProposal.objects.get().state, IdentityProposal.objects.get().paper) == ("refused", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"person_niss": ""},
        {"person_file": "SECAL-2026-000001", "person_place": "debtor"},
        {"person_niss": "", "person_file": "SECAL-2026-000001", "person_place": "child"},
        {"person_niss": "85.07.30-033.29"},
        {"paper": ""},
        {"reason": ""},
    ],
    ids=["nobody", "two ways", "child without birth", "no NISS at all", "no paper", "no reason"],
)
def test_what_cannot_be_read_is_said_and_nothing_is_proposed(
    changes: dict[str, Any], registrar: User, client_for: ClientFor
) -> None:
    niss = stories.els().niss
    answer = client_for(registrar).post(f"{HERE}numero/", correction(niss, stories.els().niss, **changes))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not IdentityProposal.objects.exists()


def test_casework_has_no_part_in_it(officer: User, client_for: ClientFor) -> None:
    for address in (HERE, f"{HERE}numero/", f"{HERE}fusion/"):
        assert client_for(officer).get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_costs_the_same_for_one_or_many(
    count: int, registrar: User, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    browser = client_for(registrar)
    for _time in range(count):
        browser.post(f"{HERE}numero/", correction(stories.els().niss, stories.els().niss))
    with django_assert_max_num_queries(14):
        assert browser.get(HERE).status_code == 200
