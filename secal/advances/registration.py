"""What the advances add to the office: menu lines, and the ear for what becomes of payments."""

from django.utils.translation import gettext_lazy as _

from secal.advances.services.runs import on_outcomes
from secal.ledger import outcomes
from secal.office import menu

menu.register(menu.MenuLine(menu.MONEY, 10, _("Payer les avances du mois"), "advances:runs", "run.view"))
outcomes.register(on_outcomes)
