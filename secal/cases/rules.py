"""What an application still misses (art. 7). Pure: codes in, codes out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

IF_ANY = "_if_any"
"""Contents that are due only where they exist are never missing."""

ALWAYS_THERE = frozenset({"maintenance_amount", "arrears_amount"})
"""No application is recorded without its amounts and its table of terms: the arrears are their sum."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What the application says and what lies with it. `papers`: codes of AttachmentKind."""

    signed: bool = False
    order_signed: bool = False
    authorised: bool = False
    creditor_identified: bool = False
    debtor_identified: bool = False
    history_complete: bool = False
    declared_means: Decimal | None = None
    papers: frozenset[str] = field(default_factory=frozenset)


PAPER_OF_CONTENT = {
    "executory_copy": "title_copy",
    "service_papers": "service_proof",
    "tax_assessment_extract": "income_proof",
    "income_proof_three_months": "income_proof",
    "studies_or_insertion_proof": "school_proof",
    "family_allowance_proof": "allowance_proof",
}
"""The kind of paper that brings each content."""


def missing_contents(needed: Iterable[str], brought: Brought) -> tuple[str, ...]:
    """The codes of what is needed and not brought, in the order of the law."""
    return tuple(code for code in needed if not _is_there(code, brought))


def _is_there(code: str, brought: Brought) -> bool:
    if code in ALWAYS_THERE or code.endswith(IF_ANY):
        return True
    if code in PAPER_OF_CONTENT:
        return PAPER_OF_CONTENT[code] in brought.papers
    return {
        "signature": brought.signed,
        "creditor_identity": brought.creditor_identified,
        "debtor_identity": brought.debtor_identified,
        "terms_and_payments_five_years": brought.history_complete,
        "unpaid_terms_five_years": brought.history_complete,
        "order_to_collect": brought.order_signed,
        "authorisation_public_services": brought.authorised,
        "monthly_income": brought.declared_means is not None,
    }[code]
