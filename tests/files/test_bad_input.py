"""Bad input: each message names the field, what was understood and what to do; nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from secal.access.models import User
from secal.cases.models import AlimonyFile
from secal.office import fields
from tests import stories
from tests.files import wizard

NISS = "88041200259"

BAD_TITLES = [
    ({"received_on": "31/02/2026"}, "Demande reçue le", "« 31/02/2026 »", "Écrivez jour/mois/année"),
    ({"received_on": "05/10/2062"}, "Demande reçue le", "05/10/2062", "Vérifiez l’année"),
    ({"received_on": ""}, "Demande reçue le", "Indiquez une date", "05/10/2026"),
    ({"court": ""}, "Juridiction ou notaire", "Indiquez la juridiction", "comme sur le titre"),
    ({"decided_on": "14/03/2027"}, "Date du titre", "14/03/2027", "Vérifiez l’année"),
    ({"served_on": "01/01/2020"}, "Date de signification", "01/01/2020", "Vérifiez les deux dates"),
    ({"base_index": "1.234"}, "Indice de départ", "1.234", "se lit de deux façons"),
]
BAD_CREDITORS = [
    ({"niss": "88.04.12-002.60"}, "NISS", "88.04.12-002.60", "Comparez chaque chiffre"),
    ({"niss": "88.04.12-000.61"}, "NISS", "88.04.12-000.61", "jamais attribué"),
    ({"niss": "8804120025"}, "NISS", "8804120025", "Comptez les chiffres"),
    ({"niss": "88o4120025l"}, "NISS", "88o4120025l", "Corrigez la saisie"),
    ({"niss": ""}, "NISS", "Indiquez le numéro de registre national", "11 chiffres"),
    ({"family_name": "  "}, "Nom", "Indiquez le nom", "carte d’identité"),
    ({"birth_date": "12/04/2088"}, "Date de naissance", "12/04/2088", "Vérifiez l’année"),
    (
        {"iban": "BE71 0961 2345 6768"},
        "Compte bancaire (IBAN)",
        "BE71 0961 2345 6768",
        "Comparez chaque chiffre",
    ),
    ({"given_name": "x" * 81}, "Prénom", "81 caractères", "Abrégez-le"),
]
BAD_CHILDREN = [
    ({"monthly_amount": "beaucoup"}, "Montant mensuel", "beaucoup", "Écrivez par exemple"),
    ({"monthly_amount": "0"}, "Montant mensuel", "0,00", "supérieur à zéro"),
    ({"monthly_amount": "-20"}, "Montant mensuel", "-20", "positif"),
    ({"due_day": "31"}, "Jour d’échéance", "après le 28", "écrivez 28"),
    ({"due_day": "lundi"}, "Jour d’échéance", "pas un jour du mois", "de 1 à 28"),
    ({"from_month": "2024"}, "Due depuis", "« 2024 »", "mois/année"),
    ({"until_month": "01/2020"}, "Due jusqu’à", "01/2020", "Corrigez l’un des deux mois"),
    ({"birth_date": ""}, "Date de naissance", "Indiquez une date", "05/10/2026"),
]


@pytest.fixture
def client(registrar: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(registrar)


def _judge(client: Client, draft: Any, step: str, typed: dict[str, Any], *words: str) -> None:
    """The step is not taken; the summary says the words; what was typed is still there after coming back."""
    answer = client.post(wizard.address(draft, step), {**typed, "action": "next"})
    assert answer.status_code == 200
    said = wizard.errors(answer).replace("&#x27;", "'")
    for word in words:
        assert word in said, said
    again = client.get(wizard.address(draft, step)).content.decode()
    for value in typed.values():
        if (
            isinstance(value, str)
            and len(value.strip()) > 3
            and value.isascii()
            and "<" not in value
            and "'" not in value
        ):
            assert value in again, value
    assert not AlimonyFile.objects.exists()


@pytest.mark.parametrize(("changes", "field", "understood", "remedy"), BAD_TITLES)
def test_a_title_that_does_not_hold(
    client: Client, changes: dict[str, str], field: str, understood: str, remedy: str
) -> None:
    _judge(client, wizard.begin(client), "titre", {**wizard.TITLE, **changes}, field, understood, remedy)


@pytest.mark.parametrize(("changes", "field", "understood", "remedy"), BAD_CREDITORS)
def test_a_creditor_who_does_not_hold(
    client: Client, changes: dict[str, str], field: str, understood: str, remedy: str
) -> None:
    _judge(client, wizard.begin(client), "creancier", wizard.creditor(**changes), field, understood, remedy)


@pytest.mark.parametrize(("changes", "field", "understood", "remedy"), BAD_CHILDREN)
def test_a_child_that_does_not_hold(
    client: Client, changes: dict[str, str], field: str, understood: str, remedy: str
) -> None:
    _judge(client, wizard.begin(client), "enfants", wizard.children(changes), field, understood, remedy)


@pytest.mark.parametrize("typed", ["88.04.12-002.59", "88 04 12 002 59", " 88041200259 ", "88/04/12-002-59"])
def test_a_niss_is_taken_with_dots_dashes_and_spaces(client: Client, typed: str) -> None:
    draft = wizard.begin(client)
    answer = client.post(
        wizard.address(draft, "creancier"), {**wizard.creditor(niss=typed), "action": "next"}
    )
    assert answer.status_code == 302, wizard.errors(answer)


def test_the_debtor_is_not_the_creditor(client: Client) -> None:
    draft = wizard.begin(client)
    client.post(wizard.address(draft, "creancier"), {**wizard.creditor(niss=NISS), "action": "next"})
    _judge(client, draft, "debiteur", wizard.debtor(niss=NISS), "NISS", "NISS du créancier", "corrigez")


def test_a_child_stands_once_and_is_not_the_debtor(client: Client) -> None:
    draft = wizard.begin(client)
    _judge(
        client,
        draft,
        "enfants",
        wizard.children({"niss": NISS}, {"niss": NISS}),
        "déjà celui d’un autre enfant",
    )
    client.post(wizard.address(draft, "debiteur"), {**wizard.debtor(niss=NISS), "action": "next"})
    _judge(client, draft, "enfants", wizard.children({"niss": NISS}), "NISS du débiteur")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paid-00000001-2026-09": "230"}, ("Payé, Noor, 09/2026", "230,00", "220,00", "corrigez")),
        ({"due-00000001-2026-08": ""}, ("Dû, Noor, 08/2026", "Indiquez un montant")),
        ({"authorisation_on": "06/10/2026"}, ("Autorisation", "06/10/2026", "Vérifiez")),
        (
            {"row-0-child": "00000001", "row-0-month": "09/2026", "row-0-due": "220"},
            ("Mois", "09/2026", "Corrigez le mois"),
        ),
        (
            {"row-0-child": "00000001", "row-0-month": "01/2019", "row-0-due": "220"},
            ("Mois", "01/2019", "03/2024"),
        ),
        ({"row-0-child": "00000001", "row-0-due": "220"}, ("Mois", "Indiquez le mois")),
        (
            {
                f"row-{row}-{name}": value
                for row in (0, 1)
                for name, value in {
                    "child": "00000001",
                    "month": "05/2025",
                    "due": "220",
                    "paid": "0",
                }.items()
            },
            ("Mois", "déjà repris"),
        ),
        ({"declared_means": "12,345"}, ("Moyens mensuels déclarés", "12,345")),
    ],
)
def test_terms_that_do_not_hold(client: Client, changes: dict[str, str], words: tuple[str, ...]) -> None:
    draft = wizard.begin(client)
    wizard.fill(client, draft)
    _judge(client, draft, "termes", wizard.terms(papers=False, **changes), *words)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("virus.pdf", b"MZ\x90\x00", ("ni un PDF", "Scannez")),
        ("page.html", b"<html><script>", ("ni un PDF", "Scannez")),
        ("empty.pdf", b"", ("ni un PDF", "Scannez")),
    ],
)
def test_a_paper_is_what_its_bytes_say(
    client: Client, name: str, content: bytes, words: tuple[str, ...]
) -> None:
    draft = wizard.begin(client)
    wizard.fill(client, draft)
    typed = wizard.terms(papers=False) | {"paper-other": SimpleUploadedFile(name, content, "application/pdf")}
    _judge(client, draft, "termes", typed, "autre pièce", *words)


def test_a_paper_has_a_largest_size(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "LARGEST_PAPER", len(stories.PDF) - 1)
    draft = wizard.begin(client)
    wizard.fill(client, draft, termes=wizard.terms(papers=False))
    _judge(client, draft, "termes", wizard.terms(), "pèse", "20 Mo")


def test_a_post_of_nonsense_is_an_error_of_the_form_and_not_of_the_program(client: Client) -> None:
    draft = wizard.begin(client)
    nonsense = {f"row-{number}-x": "y" * 999 for number in range(200)} | {
        "kind": "crown",
        "action": "next",
        "\x00": "\x00",
    }
    for step in wizard.STEPS:
        assert client.post(wizard.address(draft, step), nonsense).status_code in {200, 302}
    assert client.post(wizard.address(draft, "termes"), {"action": "paper-nonsense"}).status_code in {
        200,
        302,
    }
