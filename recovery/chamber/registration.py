"""What this room adds to the office: a line in the menu, and what waits for the watchers."""

from django.utils.translation import gettext_lazy as _

from recovery.chamber.selectors import alarm_count
from secal.office import attention, menu
from secal.office.attention import Attention
from secal.office.menu import REGISTER, MenuLine


def register() -> None:
    """Called once when the room is made ready."""
    menu.register(MenuLine(REGISTER, 60, _("Liste de la Chambre nationale"), "chamber:index", "chamber.view"))
    attention.register(
        Attention(
            _("Alarmes sur la liste de la Chambre nationale"), alarm_count, "chamber:index", "chamber.release"
        )
    )
