"""What arrears add to the office: menu lines, search, words of the timeline, an ear for served
constraints.
"""

from django.utils.translation import gettext_lazy as _

from recovery.arrears import keeping
from recovery.arrears.search import find_files
from recovery.arrears.services.debts import book_accruals
from recovery.arrears.services.limitation import served
from recovery.arrears.wording import EVENTS, READERS
from recovery.cases.dues import register_fixing
from recovery.cases.event_words import register_words
from recovery.cases.milestones import on_title_served
from secal.office import menu, search

menu.register(menu.MenuLine(menu.WORK, 20, _("Recouvrement ONSS"), "arrears:list", "recovery.list"))
menu.register(menu.MenuLine(menu.WORK, 25, _("Employeurs"), "arrears:employer", "employer.register"))
menu.register(menu.MenuLine(menu.WORK, 30, _("Rôles spéciaux"), "arrears:rolls", "roll.view"))
menu.register(
    menu.MenuLine(menu.ADMINISTRATION, 30, _("Délégations"), "arrears:delegations", "delegation.record")
)
search.register("recovery", find_files)
register_words(EVENTS, READERS)
on_title_served.register(served)
register_fixing(book_accruals)
keeping.register()
