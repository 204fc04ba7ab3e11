"""The blind indexes of this room: how a NISS or an account is looked up without being read."""

from secal.access.identities import employer_niss_index, niss_index
from secal.vault.blind_index import blind_index

__all__ = ["account_index", "employer_niss_index", "niss_index"]


def account_index(iban: str) -> bytes:
    """Index of a compact IBAN."""
    return blind_index("account.iban", iban)
