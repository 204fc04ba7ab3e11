"""Who may work here: persons, their planes and roles, and the offices of bailiffs."""

from secal.access.models.offices import Office
from secal.access.models.users import User, UserPlane, UserRole

__all__ = ["Office", "User", "UserPlane", "UserRole"]
