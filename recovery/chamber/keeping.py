"""What the room says of its rows to who erases: they are about bailiffs in office, not about parties."""

from django.utils.translation import gettext_lazy as _

from recovery.chamber.models import Member
from secal.office import keeping

keeping.exempt(
    Member,
    _("la liste de la Chambre nationale : qui la quitte n’y est plus, et ses lignes ne nomment personne"),
)
