"""What the advances add to the office: menu lines, the file page's part, an ear for payments' outcomes."""

from django.utils.translation import gettext_lazy as _

from secal.advances import keeping, panels
from secal.advances.selectors.runs import awaiting_me
from secal.advances.services.closing import end_rights, payment_in_flight
from secal.advances.services.runs import on_outcomes
from secal.cases.milestones import on_file_closed, register_obstacle
from secal.ledger import outcomes
from secal.office import menu

menu.register(
    menu.MenuLine(
        menu.MONEY, 10, _("Payer les avances du mois"), "advances:runs", "run.view", count=awaiting_me
    )
)
outcomes.register(on_outcomes)
register_obstacle(payment_in_flight)
on_file_closed.register(end_rights)
panels.register()
keeping.register()
