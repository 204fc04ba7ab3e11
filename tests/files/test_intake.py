"""An application from the first word to the file: kept sealed, read with care, answered the same to
everyone."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from secal.access.models import User
from secal.access.roles import Role
from secal.cases.models import AlimonyFile, Application, Attachment, MonthlyTerm, WorkItem
from secal.files.models import DraftPaper, IntakeDraft
from secal.people.models import Person
from tests import stories
from tests.files import wizard


def test_an_application_typed_in_five_steps_becomes_a_file_with_its_officer(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(client, draft)
    checked = client.get(wizard.address(draft, "verifier"))
    assert "440,00" in checked.content.decode()
    answer = wizard.send(client, draft)
    assert answer["Location"] == f"/dossiers/introduction/{draft}/recue/"
    file = AlimonyFile.objects.get(pk=draft)
    assert (file.state, file.number[:11]) == ("to_decide", "SECAL-2026-")
    assert file.assignments.get(until_at=None).officer == officer
    assert MonthlyTerm.objects.filter(file=file).count() == 12
    assert {paper.kind for paper in Attachment.objects.filter(file=file)} == {"title_copy", "service_proof"}
    item = WorkItem.objects.get(file=file)
    assert (item.kind, item.legal_reference) == ("decide_advance", "art. 9 §1")
    assert (item.due_on - Application.objects.get(file=file).complete_on).days == 30
    page = client.get(answer["Location"]).content.decode()
    assert file.number in page and "complète" in page and "Peeters" not in page


def test_known_and_unknown_persons_get_the_same_answer_word_for_word(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    typed = {"creancier": wizard.creditor(), "debiteur": wizard.debtor()}
    answers = []
    for _time in range(2):
        draft = wizard.begin(client)
        wizard.fill(client, draft, **typed)
        sent = wizard.send(client, draft)
        assert sent.status_code == 302
        page = client.get(sent["Location"]).content.decode()
        number = AlimonyFile.objects.get(pk=draft).number
        answers.append(page.replace(number, "N").replace(str(draft), "D"))
    assert _without_tokens(answers[0]) == _without_tokens(answers[1])
    assert Person.objects.count() == 4, "two parties once, and a child without NISS each time"


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_sending_twice_opens_one_file(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(client, draft)
    assert [wizard.send(client, draft)["Location"] for _time in range(2)] == [
        f"/dossiers/introduction/{draft}/recue/"
    ] * 2
    assert AlimonyFile.objects.count() == 1


def test_an_incomplete_application_says_what_is_missing_and_papers_complete_it(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(client, draft, termes=wizard.terms(papers=False, order_signed=None))
    wizard.send(client, draft)
    page = client.get(f"/dossiers/introduction/{draft}/recue/").content.decode()
    assert "Expédition exécutoire (grosse) du titre" in page and "art. 7 §1" in page
    listed = client.get("/dossiers/introduction/").content.decode()
    assert "incomplète" in listed and "Pièces de signification" in listed and "Peeters" not in listed
    bring = f"/dossiers/introduction/{draft}/pieces/"
    empty = client.post(bring, {})
    assert "Rien n’est apporté" in empty.content.decode()
    papers = {
        "order_signed": "on",
        "paper-title_copy": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20, "image/png"),
        "paper-service_proof": SimpleUploadedFile("b.jpg", b"\xff\xd8\xff" + b"0" * 20, "image/jpeg"),
    }
    assert client.post(bring, papers)["Location"].endswith("/recue/")
    stories.arrive(draft)
    assert Application.objects.get(file=draft).state == "complete"
    assert client.get(bring).status_code == 404


def test_a_draft_is_kept_and_resumed_and_nothing_typed_is_lost(
    registrar: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    client.post(wizard.address(draft, "titre"), {**wizard.TITLE, "action": "next"})
    typed = wizard.creditor(niss="85.07.30-033.29", birth_place="Dinant")
    assert client.post(wizard.address(draft, "creancier"), {**typed, "action": "later"}).status_code == 302
    listed = client.get("/dossiers/introduction/").content.decode()
    assert f"/dossiers/introduction/{draft}/creancier/" in listed and "Dinant" not in listed
    resumed = client_for(registrar).get(wizard.address(draft, "creancier")).content.decode()
    assert 'value="85.07.30-033.29"' in resumed and 'value="Dinant"' in resumed
    assert "à corriger" not in resumed


def test_children_and_months_are_added_and_removed_without_javascript(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(client, draft)
    here = wizard.address(draft, "enfants")
    client.post(here, {**wizard.children(), "action": "add"})
    page = client.get(here).content.decode()
    assert 'name="row-1-given_name"' in page and 'value="Noor"' in page
    client.post(here, {**wizard.children({}, {"given_name": "Bram"}), "action": "remove-0"})
    page = client.get(here).content.decode()
    assert 'name="row-1-given_name"' not in page and 'value="Bram"' in page
    here = wizard.address(draft, "termes")
    client.post(wizard.address(draft, "enfants"), {**wizard.children(), "action": "next"})
    client.post(here, {**wizard.terms(papers=False), "action": "add"})
    earlier = {"row-0-child": "00000001", "row-0-month": "05/2025", "row-0-due": "200", "row-0-paid": "50"}
    assert client.post(here, {**wizard.terms(papers=False), **earlier, "action": "next"}).status_code == 302
    wizard.send(client, draft)
    term = MonthlyTerm.objects.get(file=draft, month=date(2025, 5, 1))
    assert (term.amount, term.paid_before_application) == (Decimal("200.00"), Decimal("50.00"))


def test_papers_laid_with_a_draft_stay_when_another_field_is_wrong_and_can_be_taken_away(
    registrar: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(client, draft, termes=wizard.terms(papers=False))
    here = wizard.address(draft, "termes")
    answer = client.post(here, {**wizard.terms(authorisation_on="jamais"), "action": "next"})
    assert "grosse.pdf" in answer.content.decode()
    paper = DraftPaper.objects.get(draft=draft, kind="title_copy")
    client.post(here, {**wizard.terms(papers=False), "action": f"paper-{paper.pk}"})
    assert list(DraftPaper.objects.values_list("kind", flat=True)) == ["service_proof"]


def test_a_changed_earlier_step_leads_back_to_itself_before_the_terms(
    registrar: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(client, draft)
    client.post(
        wizard.address(draft, "enfants"),
        {**wizard.children({"monthly_amount": "beaucoup"}), "action": "next"},
    )
    for step in ("termes", "verifier"):
        assert client.get(wizard.address(draft, step))["Location"].endswith("/enfants/")


def test_a_draft_belongs_to_the_registrar_who_began_it(
    registrar: User,
    officer: User,
    make_user: Callable[..., User],
    client_for: Callable[[User], Client],
    security_log: Any,
) -> None:
    draft = wizard.begin(client_for(registrar))
    colleague = make_user(Role.REGISTRAR)
    for user, status in ((colleague, 404), (officer, 403)):
        for step in ("titre", "verifier", "pieces"):
            assert client_for(user).get(wizard.address(draft, step)).status_code == status
        assert client_for(user).post(wizard.address(draft, "supprimer")).status_code == status
    assert {row["file"] for row in security_log(kind="DENY")} == {draft}
    assert IntakeDraft.objects.filter(pk=draft).exists()


def test_a_draft_thrown_away_leaves_nothing(registrar: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(registrar)
    draft = wizard.begin(client)
    client.post(wizard.address(draft, "titre"), {**wizard.TITLE, "action": "next"})
    client.post(wizard.address(draft, "supprimer"))
    assert not IntakeDraft.objects.exists()
    assert not AlimonyFile.objects.exists()


def test_a_second_applications_answer_tells_nothing_of_the_first(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    parties = {"creditor": stories.els(), "debtor": stories.tom()}
    stories.register_file(registrar=registrar, officer=officer, **parties)
    client = client_for(registrar)
    draft = wizard.begin(client)
    wizard.fill(
        client,
        draft,
        creancier=wizard.creditor(niss=parties["creditor"].niss),
        debiteur=wizard.debtor(niss=parties["debtor"].niss),
    )
    page = client.get(wizard.send(client, draft)["Location"]).content.decode()
    assert "Demande reçue" in page and "seconde" not in page
    assert WorkItem.objects.filter(file=draft, kind="second_application").exists()
