"""The legal values: each with its dates, its article and how sure it is. Nothing legal is written anywhere
else."""

from secal.law.errors import LawFileError, MissingParameter
from secal.law.parameters import (
    Gap,
    ParameterValue,
    Status,
    all_parameters,
    assumptions_in_force,
    parameter,
    read_before,
    reported_gaps,
)

__all__ = [
    "Gap",
    "LawFileError",
    "MissingParameter",
    "ParameterValue",
    "Status",
    "all_parameters",
    "assumptions_in_force",
    "parameter",
    "read_before",
    "reported_gaps",
]
