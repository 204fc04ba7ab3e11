"""A registrar at the screen: the five steps of an application, typed as people type."""

import re
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from secal.kernel.identifiers import format_niss
from tests import stories

TITLE = {
    "received_on": "05/10/2026",
    "language": "fr",
    "asks_advances": "on",
    "kind": "judgment",
    "court": "Tribunal de la famille de Namur",
    "decided_on": "14/03/2024",
    "served_on": "03/04/2024",
    "index_clause": "legal",
}
STEPS = ("titre", "creancier", "debiteur", "enfants", "termes")


def begin(client: Client) -> uuid.UUID:
    """A new draft; its identifier as the address names it."""
    answer = client.post("/dossiers/introduction/nouvelle/")
    assert answer.status_code == 302, answer.content
    return uuid.UUID(answer["Location"].split("/")[3])


def address(draft: uuid.UUID, step: str) -> str:
    return f"/dossiers/introduction/{draft}/{step}/"


def person(given_name: str, family_name: str, niss: str) -> dict[str, str]:
    return {
        "given_name": given_name,
        "family_name": family_name,
        "niss": niss,
        "birth_date": "12/04/1988",
        "birth_place": "Namur",
        "address": "Rue de la Loi 16, 1000 Bruxelles",
        "language": "fr",
    }


def creditor(**changes: str) -> dict[str, str]:
    details = stories.els()
    usual = person("Els", "Peeters", format_niss(details.niss))
    return {**usual, "iban": "BE71 0961 2345 6769", "lives_in_belgium": "yes", **changes}


def debtor(**changes: str) -> dict[str, str]:
    return {**person("Tom", "Maes", stories.tom().niss), **changes}


def children(*rows: dict[str, str]) -> dict[str, str]:
    typed = {}
    for number, changes in enumerate(rows or ({},)):
        row = {
            "key": f"{number + 1:08x}",
            "given_name": "Noor",
            "family_name": "Maes",
            "niss": "",
            "birth_date": "01/03/2015",
            "monthly_amount": "220",
            "due_day": "1",
            "from_month": "03/2024",
            "until_month": "",
            **changes,
        }
        typed |= {f"row-{number}-{name}": value for name, value in row.items()}
    return typed


def terms(
    *, unpaid: tuple[str, ...] = ("2026-09", "2026-10"), papers: bool = True, **changes: Any
) -> dict[str, Any]:
    """Twelve months of one child, 11/2025 to 10/2026."""
    months = [f"2025-{month:02d}" for month in (11, 12)] + [f"2026-{month:02d}" for month in range(1, 11)]
    typed: dict[str, Any] = {}
    for month in months:
        typed[f"due-00000001-{month}"] = "220,00"
        typed[f"paid-00000001-{month}"] = "0" if month in unpaid else "220,00"
    typed |= {"history_complete": "on", "signed": "on", "order_signed": "on"}
    if papers:
        typed |= {
            "paper-title_copy": SimpleUploadedFile("grosse.pdf", stories.PDF, "application/pdf"),
            "paper-service_proof": SimpleUploadedFile("signification.pdf", stories.PDF, "application/pdf"),
        }
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def fill(client: Client, draft: uuid.UUID, **steps: dict[str, Any]) -> None:
    """All five steps, sent on; each must be taken."""
    typed = {
        "titre": TITLE,
        "creancier": creditor(),
        "debiteur": debtor(),
        "enfants": children(),
        "termes": terms(),
        **steps,
    }
    for step in STEPS:
        answer = client.post(address(draft, step), {**typed[step], "action": "next"})
        assert answer.status_code == 302, (step, errors(answer))


def send(client: Client, draft: uuid.UUID) -> Any:
    """Send it; the worker does its part before the page is looked at."""
    answer = client.post(address(draft, "verifier"))
    stories.arrive(draft)
    return answer


def errors(answer: Any) -> str:
    """The faults as the page shows them."""
    text = answer.content.decode()
    found = re.search(r'<div class="error-summary".*?</div>', text, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[0]) if found else ""
