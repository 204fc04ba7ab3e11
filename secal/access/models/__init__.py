"""Who may work here: persons, their appointments, roles and missions, what they committed themselves to, and
the offices of bailiffs."""

from secal.access.models.commitments import Commitment, CommitmentKind
from secal.access.models.offices import Office
from secal.access.models.rights import Appointment, Charge, UserRole
from secal.access.models.users import User

__all__ = ["Appointment", "Charge", "Commitment", "CommitmentKind", "Office", "User", "UserRole"]
