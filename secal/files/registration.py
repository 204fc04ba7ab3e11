"""What this room adds to the office: menu lines and search."""

from django.utils.translation import gettext_lazy as _

from secal.cases.access_selectors import count_openings_to_watch, count_to_review
from secal.files.models import DraftPaper, IntakeDraft
from secal.files.search import find_files
from secal.files.views import closure, exceptions
from secal.files.views.worklist import open_work
from secal.office import attention, keeping, search
from secal.office.attention import Attention
from secal.office.clock import now
from secal.office.keeping import Kept
from secal.office.menu import OVERSIGHT, WORK, MenuLine, register

register(MenuLine(WORK, 10, _("À faire"), "files:worklist", "worklist.view", count=open_work))
register(MenuLine(WORK, 10, _("Introduction des demandes"), "files:intake", "application.list_own"))
register(MenuLine(WORK, 15, _("Corriger une identité"), "files:identities", "person.propose_correction"))
register(MenuLine(WORK, 20, _("Dossiers"), "files:list", "file.list"))
register(MenuLine(WORK, 80, _("Accès d’urgence"), "files:emergency", "emergency.ask"))
register(MenuLine(WORK, 80, _("Accès d’urgence à accorder"), "files:emergency-answers", "emergency.decide"))
register(MenuLine(WORK, 85, _("Ouvrir un dossier protégé"), "files:protected-ask", "protection.ask"))
register(
    MenuLine(WORK, 86, _("Dossiers protégés : accords"), "files:protected-agreements", "protection.clear")
)
register(
    MenuLine(OVERSIGHT, 50, _("Accès d’urgence à examiner"), "files:emergency-reviews", "emergency.review")
)
register(MenuLine(OVERSIGHT, 55, _("Personnes protégées"), "files:protected", "protection.mark"))
attention.register(
    Attention(_("Accès d’urgence à examiner"), count_to_review, "files:emergency-reviews", "emergency.review")
)
attention.register(
    Attention(
        _("Dossiers protégés : accords attendus"),
        lambda: count_openings_to_watch(at=now()),
        "files:protected-agreements",
        "protection.clear",
    )
)
search.register("files", find_files)
closure.register()
exceptions.register()
keeping.keep(
    # A draft sent keeps its identifier and its key: they are the file's.
    Kept(IntakeDraft, unit="alimony_file", by="pk", title=_("Demande encodée")),
    Kept(DraftPaper, unit="alimony_file", by="draft", title=_("Pièce encodée")),
)
