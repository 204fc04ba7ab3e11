"""What this room adds to the office: menu lines and search."""

from django.utils.translation import gettext_lazy as _

from secal.files.models import DraftPaper, IntakeDraft
from secal.files.search import find_files
from secal.files.views import closure
from secal.files.views.worklist import open_work
from secal.office import keeping, search
from secal.office.keeping import Kept
from secal.office.menu import WORK, MenuLine, register

register(MenuLine(WORK, 10, _("À faire"), "files:worklist", "worklist.view", count=open_work))
register(MenuLine(WORK, 10, _("Introduction des demandes"), "files:intake", "application.list_own"))
register(MenuLine(WORK, 20, _("Dossiers"), "files:list", "file.list"))
search.register("files", find_files)
closure.register()
keeping.keep(
    # A draft sent keeps its identifier and its key: they are the file's.
    Kept(IntakeDraft, unit="alimony_file", by="pk", title=_("Demande encodée")),
    Kept(DraftPaper, unit="alimony_file", by="draft", title=_("Pièce encodée")),
)
