"""The accounts of the office, one a kind of book: who works on which, and which books money on it may enter.

Maintenance and social security are two purposes: whoever works for one never sees payments of the other, and
the communication of a book means nothing on the other account.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor, current_actor
from secal.access.roles import Role
from secal.kernel.identifiers import parse_iban
from secal.ledger.errors import StatementRefused
from secal.ledger.models import BookKind

WORKERS: dict[BookKind, frozenset[Role]] = {
    BookKind.ALIMONY_FILE: frozenset({Role.CASE_OFFICER, Role.APPROVER}),
    BookKind.EMPLOYER: frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE}),
}
"""Whose work the payments of each kind of book are."""


def kinds_of(actor: Actor) -> list[BookKind]:
    """The kinds of book that this actor works on. A service of the office works on all."""
    return [kind for kind, roles in WORKERS.items() if actor.is_service or roles & actor.roles]


def office_accounts() -> dict[str, BookKind]:
    """Each account that is configured, with the kind of book that it feeds."""
    configured = {BookKind.ALIMONY_FILE: settings.OFFICE_IBAN, BookKind.EMPLOYER: settings.ONSS_IBAN}
    return {parse_iban(iban): kind for kind, iban in configured.items() if iban}


def accounts_at_work() -> dict[str, BookKind]:
    """The accounts that the current actor works on."""
    kinds = kinds_of(current_actor())
    return {iban: kind for iban, kind in office_accounts().items() if kind in kinds}


def accounts_to_import() -> dict[str, BookKind]:
    """As `accounts_at_work`, for taking statements. Raises StatementRefused when none is configured."""
    accounts = accounts_at_work()
    if not accounts:
        raise StatementRefused(
            "statement.no_office_account",
            where="OFFICE_IBAN, ONSS_IBAN",
            remedy=_("Le compte du service n’est pas configuré : demandez-le à l’administrateur du système."),
        )
    return accounts
