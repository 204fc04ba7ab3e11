"""What each letter is made of. Amounts are euro in whole cents (`Decimal`), days are dates, moments are aware
datetimes; nothing here is formatted yet, and no string is read as markup."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NotRequired, TypedDict

Nature = Literal["contributions", "surcharge", "interest", "allowance", "costs", "payment"]
"""One amount is of one kind (law of 27 June 1969, arts 28, 29 and 40 § 2)."""


class Party(TypedDict):
    """Who a letter is about: name, address line by line, and the enterprise number as people write it."""

    name: str
    lines: list[str]
    number: NotRequired[str]


class Line(TypedDict):
    """One line of the accounting justification (law of 27 June 1969, art. 40 § 1, 2nd para. and § 4).

    quarter           first day of the quarter the amount belongs to
    amount            euro, whole cents; a payment that is deducted is negative
    due_on            day the contributions fell due, or the payment came in
    base, rate_pct    the amount in euro and the per cent that a surcharge or interest is computed from
    from_on, until_on first and last day the interest runs
    """

    nature: Nature
    amount: Decimal
    quarter: NotRequired[date | None]
    due_on: NotRequired[date | None]
    base: NotRequired[Decimal | None]
    rate_pct: NotRequired[Decimal | None]
    from_on: NotRequired[date | None]
    until_on: NotRequired[date | None]


class Payment(TypedDict):
    """Where to pay: account, its holder, structured communication (twelve digits, its signs or not)."""

    iban: str
    beneficiary: str
    communication: str


class Authority(TypedDict):
    """Who signed, in which capacity, under which act of delegation, when (art. 40 § 2, 3rd para.; § 3)."""

    name: str
    capacity: str
    delegation: str
    on: date


class FormalNoticeData(TypedDict):
    """Last formal notice (dernière mise en demeure / laatste ingebrekestelling): art. 40 § 1.

    channel          how it goes: registered letter (two kinds) or e-Box
    contest_address  where the registered item that contests is to be sent, line by line
    """

    dated: date
    file_number: str
    notice_number: NotRequired[str]
    channel: Literal["registered_paper", "registered_receipt", "e_box"]
    addressee: Party
    lines: list[Line]
    payment: Payment
    contest_address: list[str]


class RollData(TypedDict):
    """Extract of the special roll (rôle spécial / bijzonder kohier) for one debtor: art. 40 § 2."""

    dated: date
    file_number: str
    roll_number: str
    debtor: Party
    lines: list[Line]
    drawn_on: date
    drawn_by: str
    enforceable: Authority
    payment: NotRequired[Payment]
    processor: NotRequired[str]


class ConstraintData(TypedDict):
    """Constraint (contrainte / dwangbevel): art. 40 §§ 3 to 5.

    dated      day it is issued: not before the roll became enforceable
    roll       the enforceable roll, copied behind the constraint
    court      labour court of the debtor's domicile or registered office, in the language of the letter
    processor  the concessionaire, who works for the ONSS as controller
    """

    dated: date
    file_number: str
    constraint_number: str
    debtor: Party
    lines: list[Line]
    payment: Payment
    roll: RollData
    issued: Authority
    court: str
    processor: str


class Approval(TypedDict):
    """Who approved an erasure, in which capacity, when."""

    who: str
    capacity: str
    at: datetime


class ErasedRows(TypedDict):
    """How many rows were erased from a table."""

    table: str
    rows: int


class Scan(TypedDict):
    """The search for what is left: when, in how many columns, with how many hits."""

    at: datetime
    columns: int
    hits: int


class ErasureCertificateData(TypedDict):
    """Certificate of erasure: numbers and dates, never a name of the person erased.

    unit_number     number of the erased file
    ground          why it had to go, in words
    logical_on      rows gone, keys destroyed
    keys_gone_on    last copy of the key store that still held the key is gone
    backups_gone_on last backup that still held the enciphered rows is gone
    """

    dated: date
    certificate_number: str
    institution: Literal["onss", "secal"]
    unit_kind: Literal["recovery_file", "alimony_file"]
    unit_number: str
    ground: str
    due_since: date
    approvals: list[Approval]
    erased: list[ErasedRows]
    keys_destroyed: int
    scan: Scan
    logical_on: date
    keys_gone_on: date
    backups_gone_on: date
    manifest_sha256: str


class ReviewStep(TypedDict):
    """Who opened or confirmed a review, and on which day."""

    who: str
    on: date


class ReviewedRight(TypedDict):
    """One right of one member of staff, and what was decided of it, by whom."""

    name: str
    section: str
    right: str
    first: date
    last: date | None
    ends: bool
    by: str


class ReviewedPlane(TypedDict):
    """The rights of one plane."""

    plane: str
    rows: list[ReviewedRight]


class RightsReviewData(TypedDict):
    """Evidence of a quarterly review of rights: names of members of staff, and of nobody else.

    review  the quarter, in words
    sha256  digest of the frozen lines
    """

    dated: date
    review: str
    opened: ReviewStep
    confirmed: ReviewStep
    groups: list[ReviewedPlane]
    sha256: str
