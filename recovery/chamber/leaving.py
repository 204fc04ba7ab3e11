"""The way out: somebody whom the Chamber no longer vouches for loses all access, in this transaction."""

import uuid

from secal.access.models import User
from secal.access.policy import Facts, require
from secal.access.services import users

REASON = "chamber.left"


def end_access(user_id: uuid.UUID) -> bool:
    """End everything this user could do; false when it had ended before. Raises Refused.

    Sessions, appointment and roles end at once. The permissions on mandated files are taken away by the
    database (recovery.cases, leaver_loses_permissions).
    """
    require("user.suspend", Facts(subject=user_id))
    if not User.objects.select_for_update(of=("self",)).get(pk=user_id).is_active:
        return False
    users.suspend(user_id, reason=REASON)
    return True
