"""The sentence of each line of a recovery file's timeline, in the reader's language."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from recovery.cases.models import FileEventKind
from recovery.cases.wording import quarter_text
from secal.office.timelines import Reader, Telling, Words

SHAPES = {
    FileEventKind.DEBT: "money",
    FileEventKind.LETTER: "letter",
    FileEventKind.TITLE: "decision",
    FileEventKind.MANDATE: "system",
    FileEventKind.ACT: "decision",
    FileEventKind.MONEY: "money",
    FileEventKind.END: "decision",
}

WORDS: Words = {
    "file_opened": _("Dossier de recouvrement ouvert"),
    "receipt_allocated": _("Paiement du débiteur, valeur %(value_on)s"),
    "receipt_put_back": _("Paiement du %(value_on)s remis en attente"),
    "collected": _("Somme reçue par l’huissier le %(value_on)s"),
    "mandate_given": _("Titre %(title)s confié à %(office)s"),
    "mandate_handed_back": _("Titre %(title)s rendu par %(office)s"),
    "mandate_closed": _("Intervention de %(office)s clôturée pour le titre %(title)s"),
}

READERS: dict[str, Reader] = {
    "quarter": lambda value: quarter_text(date.fromisoformat(value)),
}

TELLING = Telling(SHAPES, WORDS, READERS)
register_words = TELLING.register
sentence = TELLING.sentence
timeline_entry = TELLING.entry
