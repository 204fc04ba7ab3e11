"""What the door of a file answers to somebody."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.cases.models import AlimonyFile
from secal.cases.selectors import get_file, visible_files

AsUser = Callable[[User], AbstractContextManager[None]]
NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)


def opens(user: User, file: AlimonyFile, as_user: AsUser) -> str:
    """The reason of the refusal, "" when the door opens; list and door agree."""
    with as_user(user):
        listed = visible_files(current_actor()).filter(pk=file.pk).exists()
    try:
        with as_user(user):
            get_file(file.pk, purpose="file.work")
        reason = ""
    except Refused as refusal:
        reason = refusal.reason
    assert listed == (reason == "")
    return reason
