"""The parts of a file, as links; only those that exist and that the person may open."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secal.access.actors import current_actor
from secal.access.policy import decide
from secal.cases.models import AlimonyFile


def tabs_of(file: AlimonyFile, *, current: str) -> list[dict[str, Any]]:
    """The tabs of a file's pages in this room; `current` names the one shown."""
    tabs = [
        ("page", _("Aperçu"), reverse("files:page", args=[file.pk])),
        ("stated", _("Demande et pièces"), reverse("files:stated", args=[file.pk])),
    ]
    if decide(current_actor(), "ledger.view").permitted:
        tabs.append(("ledger", _("Comptes"), reverse("ledger:book", args=[file.book_id])))
    return [{"label": label, "url": url, "current": name == current} for name, label, url in tabs]
