"""The office's own lines in the menu."""

from django.utils.translation import gettext_lazy as _

from secal.office import menu

menu.register(menu.MenuLine(menu.ADMINISTRATION, 10, _("La loi en vigueur"), "office:law", "office.law"))
menu.register(
    menu.MenuLine(menu.ADMINISTRATION, 20, _("Mes engagements"), "commitments:mine", "commitment.view")
)
