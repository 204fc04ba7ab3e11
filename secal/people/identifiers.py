"""The blind indexes of this room: how a NISS or an account is looked up without being read."""

from secal.vault.blind_index import blind_index


def niss_index(niss: str) -> bytes:
    """Index of the eleven digits of a NISS; the same for parties and for members of staff."""
    return blind_index("person.niss", niss)


def account_index(iban: str) -> bytes:
    """Index of a compact IBAN."""
    return blind_index("account.iban", iban)
