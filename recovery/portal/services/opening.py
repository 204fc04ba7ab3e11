"""How each service comes to its file: the door, the running mandate of the office, the title held."""

import uuid
from dataclasses import dataclass

from recovery.cases.models import Mandate, RecoveryFile, Title
from recovery.cases.selectors import NO_SUCH_FILE, get_mandated_file, own_running_mandates
from recovery.portal.rules import TitleFacts
from secal.access.errors import Refused


@dataclass(frozen=True, slots=True)
class AtWork:
    """A bailiff at work on a title: nobody else changes the title, or ends the mandate, meanwhile."""

    file: RecoveryFile
    mandate: Mandate
    title: Title

    @property
    def facts(self) -> TitleFacts:
        title = self.title
        return TitleFacts(
            title.served_at, title.opposition_until, title.opposed_on, title.opposition_decided_on
        )


def begin(file_id: uuid.UUID, mandate_id: uuid.UUID, *, act: str) -> AtWork:
    """Raises Refused, hidden, when the file or the mandate is not the office's, or no longer."""
    file = get_mandated_file(file_id, act=act, fields=("titles", "acts"))
    mandate = own_running_mandates(file).filter(pk=mandate_id).first()
    if mandate is None:
        raise _no_mandate(act, file_id)
    title = Title.objects.select_for_update(no_key=True, of=("self",)).get(pk=mandate.title_id)
    # Whoever ends a mandate holds its title first: asked again now, the answer stays true until we are done.
    if not own_running_mandates(file).filter(pk=mandate_id).exists():
        raise _no_mandate(act, file_id)
    return AtWork(file, mandate, title)


def _no_mandate(act: str, file_id: uuid.UUID) -> Refused:
    return Refused(act, "no_such_mandate", NO_SUCH_FILE, file=file_id, hidden=True)
