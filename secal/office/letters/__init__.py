"""Letters: the papers the office sends, as tagged PDF in the reader's language.

`compose` is the one door. A letter has three parts that are kept apart: what it must say (a module a letter,
which refuses when a mandatory part is missing), its words (French msgids, `wording.py` and `clauses.py`), and
its layout (templates/letters/*.typ, which hold no words and read no file but each other).
"""

from secal.office.letters.clauses import clause_version
from secal.office.letters.composing import compose
from secal.office.letters.errors import LetterError
from secal.office.letters.shapes import (
    Approval,
    Authority,
    ConstraintData,
    ErasedRows,
    ErasureCertificateData,
    FormalNoticeData,
    Line,
    Party,
    Payment,
    ReviewedRight,
    RightsReviewData,
    RollData,
    Scan,
)

__all__ = [
    "Approval",
    "Authority",
    "ConstraintData",
    "ErasedRows",
    "ErasureCertificateData",
    "FormalNoticeData",
    "LetterError",
    "Line",
    "Party",
    "Payment",
    "ReviewedRight",
    "RightsReviewData",
    "RollData",
    "Scan",
    "clause_version",
    "compose",
]
