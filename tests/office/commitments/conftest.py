"""The same people and the same new version as where commitments are given."""

from tests.access.commitments.conftest import new_version, newcomer

__all__ = ["new_version", "newcomer"]
