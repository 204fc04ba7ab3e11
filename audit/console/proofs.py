"""Where the last run of the obligations' tests is kept."""

import os
from pathlib import Path

from django.conf import settings

VARIABLE = "SECAL_PROOFS_DIR"
"""Set by a run of tests, whose own state folder is thrown away."""


def folder() -> Path:
    return Path(os.environ.get(VARIABLE) or settings.STATE_DIR)
