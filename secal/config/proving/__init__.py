"""Long checks, on services and data of their own (`manage.py prove`): what each tried and what failed."""

from secal.config.proving.faults import prove_faults
from secal.config.proving.outcome import Check

CHECKS: dict[str, Check] = {"faults": prove_faults}
"""Name of each check and the function that tries it: `check(quick) -> Outcome`."""
