"""What the ledger adds to the office's menu."""

from django.utils.translation import gettext_lazy as _

from secal.ledger import keeping
from secal.ledger.selectors import waiting_count
from secal.office.menu import MONEY, MenuLine, register

register(
    MenuLine(MONEY, 20, _("Paiements à rapprocher"), "ledger:waiting", "receipt.view", count=waiting_count)
)
register(MenuLine(MONEY, 30, _("Extraits de compte"), "ledger:statements", "receipt.view"))
keeping.register()
