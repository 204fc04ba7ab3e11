"""The console's lines in the menu, for the two watchers."""

from django.utils.translation import gettext_lazy as _

from secal.office import menu
from secal.office.menu import OVERSIGHT, MenuLine

menu.register(MenuLine(OVERSIGHT, 10, _("Vue d’ensemble"), "console:overview", "log.search"))
menu.register(MenuLine(OVERSIGHT, 20, _("Journal de sécurité"), "console:search", "log.search"))
menu.register(MenuLine(OVERSIGHT, 30, _("Historique d’un dossier"), "console:history", "log.history"))
menu.register(
    MenuLine(OVERSIGHT, 40, _("Changements de configuration"), "console:configuration", "log.history")
)
menu.register(MenuLine(OVERSIGHT, 50, _("Droits par page"), "console:rights", "permissions.view"))
menu.register(MenuLine(OVERSIGHT, 80, _("Obligations"), "console:obligations", "obligations.view"))
