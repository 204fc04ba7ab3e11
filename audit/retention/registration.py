"""What retention adds to the office: menu lines, and what it says of its own records and of the office's."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.retention.models import Certificate, ErasureApproval, ErasureItem, ErasureList, ListChange
from audit.retention.selectors import erased_unit
from secal.access.models import Office, User
from secal.office import keeping, menu

menu.register(
    menu.MenuLine(menu.OVERSIGHT, 30, _("Conservation et effacement"), "retention:due", "erasure.view")
)
menu.register(
    menu.MenuLine(menu.OVERSIGHT, 40, _("Certificats d’effacement"), "retention:certificates", "erasure.view")
)

STAFF = _("le personnel et les études : un autre traitement, ses propres délais")
PROOF = _("la preuve de l’effacement : numéros et comptes, sans donnée de personne")
STAFF_MODELS: tuple[type[Model], ...] = (User, Office)
PROOF_MODELS: tuple[type[Model], ...] = (
    ErasureList,
    ErasureItem,
    ErasureApproval,
    ListChange,
    Certificate,
)
for model in STAFF_MODELS:
    keeping.exempt(model, STAFF)
for model in PROOF_MODELS:
    keeping.exempt(model, PROOF)
keeping.remember(erased_unit)
