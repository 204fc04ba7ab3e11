"""What the register adds to the office: its menu, and the past of its reviews."""

from django.utils.translation import gettext_lazy as _

from secal.office import menu
from secal.office.menu import REGISTER, MenuLine


def register() -> None:
    """Called once when the room is made ready."""
    for line in (
        MenuLine(REGISTER, 10, _("Registre"), "register:index", "register.view"),
        MenuLine(REGISTER, 20, _("Inscrire une personne"), "register:new", "user.register"),
        MenuLine(REGISTER, 30, _("Matrice des droits"), "register:matrix", "register.matrix"),
        MenuLine(REGISTER, 40, _("Sessions ouvertes"), "register:sessions", "sessions.view"),
        MenuLine(REGISTER, 50, _("Révisions trimestrielles"), "register:reviews", "register.matrix"),
    ):
        menu.register(line)
