"""What this room adds to the office: menu lines and search."""

from django.utils.translation import gettext_lazy as _

from secal.files.search import find_files
from secal.files.views.worklist import open_work
from secal.office import search
from secal.office.menu import WORK, MenuLine, register

register(MenuLine(WORK, 10, _("À faire"), "files:worklist", "worklist.view", count=open_work))
register(MenuLine(WORK, 10, _("Introduction des demandes"), "files:intake", "application.list_own"))
register(MenuLine(WORK, 20, _("Dossiers"), "files:list", "file.list"))
search.register("files", find_files)
