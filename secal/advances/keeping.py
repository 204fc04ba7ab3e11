"""What advances keep of an alimony file. Decisions and rights go with it; of a run's line the sum stays.

A run was approved with its count and total and sent as a whole: its lines stay, without right, term and
reckoning.
"""

from collections.abc import Mapping

from django.db import connections
from django.utils.translation import gettext_lazy as _

from secal.advances.models import AdvanceDecision, AdvanceRight, AdvanceRun, RunChange, RunLine
from secal.office import keeping
from secal.office.keeping import Erasing, Kept

UNIT = "alimony_file"
WHOLE_RUNS = _("Une liste de paiement est gardée entière : elle ne nomme personne.")


def register() -> None:
    """Called once when the room is made ready."""
    keeping.keep(
        Kept(AdvanceDecision, unit=UNIT, by="application__file", title=_("Décision")),
        Kept(AdvanceRight, unit=UNIT, by="file", title=_("Droit aux avances")),
        Kept(RunLine, unit=UNIT, by="right__file", title=_("Ligne de paiement"), eraser=_forget_lines),
    )
    for model in (AdvanceRun, RunChange):
        keeping.exempt(model, WHOLE_RUNS)


def _forget_lines(erasing: Erasing) -> Mapping[str, int]:
    with connections[erasing.using].cursor() as cursor:
        cursor.execute(
            "UPDATE advances_runline SET right_id = NULL, term_id = NULL, explanation = '{}'"
            " WHERE id = ANY(%s)",
            [list(erasing.rows)],
        )
        return {RunLine._meta.db_table: cursor.rowcount}
