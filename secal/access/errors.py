"""What a refusal carries: the act, the reason as a code, and words for the person refused."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied


class Refused(PermissionDenied):
    """The policy said no. The unit of work logs it, undoes everything else, and answers 403 (or 404)."""

    def __init__(
        self,
        act: str,
        reason: str,
        message: Any,
        *,
        who_may: Any = "",
        file: uuid.UUID | None = None,
        subject: uuid.UUID | None = None,
        hidden: bool = False,
    ) -> None:
        super().__init__(str(message))
        self.act = act
        self.reason = reason
        self.message = message
        self.who_may = who_may
        self.file = file
        self.subject = subject
        self.hidden = hidden
        """True when even the existence of the object may not be told: answered as 404."""
