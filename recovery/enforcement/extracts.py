"""The extract for the concessionaire as a file: who answers for the data, who works with them, the lines."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from recovery.enforcement.models import Transmission
from recovery.enforcement.selectors.extracts import ExtractLine
from secal.office.formatting import date_text

MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def extract_csv(transmission: Transmission, lines: Iterable[ExtractLine]) -> str:
    """The whole file. Its head names controller, processor and purpose (17/006 §14); amounts have a point."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in _head(transmission):
        writer.writerow([_safe(cell) for cell in row])
    writer.writerow(
        [
            _("Titre"),
            _("Dossier"),
            _("Décerné le"),
            _("Débiteur"),
            _("Forme juridique"),
            _("Numéro d’entreprise"),
            _("Siège ou domicile"),
            _("Arrondissement"),
            _("Langue"),
            _("Montant (EUR)"),
        ]
    )
    for line in lines:
        cells: list[Any] = [
            line.title,
            line.file,
            date_text(line.issued_on),
            line.name,
            line.legal_form,
            line.enterprise_number,
            line.address,
            line.arrondissement,
            line.language,
            f"{line.amount:.2f}",
        ]
        writer.writerow([_safe(cell) for cell in cells])
    return MARK + text.getvalue()


def _head(transmission: Transmission) -> list[tuple[str, str]]:
    return [
        (_("Responsable du traitement"), transmission.controller),
        (_("Sous-traitant"), transmission.processor),
        (_("Finalité"), _("recouvrement des créances impayées de l’ONSS (loi du 27 juin 1969, art. 40 §8)")),
        (_("Transmis le"), date_text(transmission.transmitted_on)),
    ]


def _safe(cell: str) -> str:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
