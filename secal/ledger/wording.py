"""Sentences that several parts of the ledger say in the same words."""

from django.utils.translation import gettext_lazy as _

NO_SUCH_BOOK = _(
    "Aucun dossier qui vous est attribué ne porte cette communication. Vérifiez les douze chiffres."
)
