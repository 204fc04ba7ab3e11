"""The papers of the procedure: what each says is put together here, how it looks is the letters' matter."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from recovery.arrears.models import ChargeHead, DebtCharge, FormalNotice, NoticeLine, RollLine, SpecialRoll
from recovery.arrears.selectors import lines_of
from recovery.cases.models import RecoveryFile, Title
from secal.access.models import User
from secal.kernel.arrondissements import labour_court
from secal.kernel.explanation import Explanation
from secal.kernel.identifiers import format_enterprise_number
from secal.office import letters
from secal.people.models import Employer

NATURES: dict[str, letters.shapes.Nature] = {
    ChargeHead.SOCIAL: "contributions",
    ChargeHead.SURCHARGE: "surcharge",
    ChargeHead.INTEREST: "interest",
}


def notice_paper(file: RecoveryFile, notice: FormalNotice, lines: Sequence[NoticeLine]) -> bytes:
    """The last formal notice, with its account and its clause."""
    data: letters.FormalNoticeData = {
        "dated": notice.sent_on,
        "file_number": file.number,
        "notice_number": notice.number,
        "channel": notice.channel,  # type: ignore[typeddict-item]
        "addressee": party(file.employer),
        "lines": account(lines),
        "payment": payment(file),
        "contest_address": [settings.ONSS_NAME, *settings.ONSS_ADDRESS],
    }
    with translation.override(file.language):
        title = _("Dernière mise en demeure %(number)s") % {"number": notice.number}
    return letters.compose("formal_notice", data=data, language=file.language, title=title)


def roll_data(file: RecoveryFile, roll: SpecialRoll, lines: Sequence[RollLine]) -> letters.RollData:
    """The enforceable roll, as its copy gives it."""
    if roll.enforceable_on is None or roll.enforceable_by is None:
        raise ValueError("only an enforceable roll has a copy")
    return {
        "dated": roll.enforceable_on,
        "file_number": file.number,
        "roll_number": roll.number,
        "debtor": party(file.employer),
        "lines": account(lines),
        "drawn_on": roll.drawn_on,
        "drawn_by": roll.drawn_by.display_name,
        "enforceable": authority(
            roll.enforceable_by,
            decision=roll.delegation.decision if roll.delegation else "",
            on=roll.enforceable_on,
            language=file.language,
        ),
    }


def roll_paper(file: RecoveryFile, roll: SpecialRoll) -> bytes:
    """The copy of the enforceable roll (art. 40 §4)."""
    with translation.override(file.language):
        title = _("Rôle spécial %(number)s") % {"number": roll.number}
    data = roll_data(file, roll, lines_of(roll))
    return letters.compose("roll", data=data, language=file.language, title=title)


def constraint_paper(
    file: RecoveryFile,
    constraint: Title,
    roll: SpecialRoll,
    claimed: Sequence[tuple[RollLine, Decimal]],
    issuer: User,
    decision: str,
) -> bytes:
    """The constraint with its account and the copy of the roll, in the debtor's language.

    claimed: what is still open of each line of the roll, in euro: nothing that was paid since is claimed.
    """
    with translation.override(file.language):
        court = _(labour_court(constraint.court, language=file.language))
        title = _("Contrainte %(number)s") % {"number": constraint.number}
    data: letters.ConstraintData = {
        "dated": constraint.issued_on,
        "file_number": file.number,
        "constraint_number": constraint.number,
        "debtor": party(file.employer),
        "lines": [_line(line.charge, amount) for line, amount in claimed],
        "payment": payment(file),
        "roll": roll_data(file, roll, lines_of(roll)),
        "issued": authority(issuer, decision=decision, on=constraint.issued_on, language=file.language),
        "court": court,
        "processor": settings.CONCESSIONAIRE_NAME,
    }
    return letters.compose("constraint", data=data, language=file.language, title=title)


def party(employer: Employer) -> letters.Party:
    """The debtor with the number under which the office knows them."""
    number = employer.open_value("enterprise_number")
    written = format_enterprise_number(number) if number else employer.open_value("onss_number")
    address = [line.strip() for line in employer.open_value("address").replace("\n", ",").split(",")]
    return {"name": str(employer), "lines": [line for line in address if line], "number": written}


def payment(file: RecoveryFile) -> letters.Payment:
    """Where the debtor pays."""
    return {
        "iban": settings.ONSS_IBAN,
        "beneficiary": settings.ONSS_NAME,
        "communication": file.book.ogm or "",
    }


def authority(person: User, *, decision: str, on: date, language: str) -> letters.Authority:
    """Who signs, in which capacity, under which act of delegation."""
    with translation.override(language):
        capacity = _("Membre du personnel délégué par le Comité de gestion")
    return {"name": person.display_name, "capacity": capacity, "delegation": decision, "on": on}


def account(lines: Iterable[NoticeLine | RollLine]) -> list[letters.Line]:
    """The accounting justification: each sum by quarter and kind, with how it was reckoned."""
    return [_line(line.charge, line.amount) for line in lines]


def _line(charge: DebtCharge, amount: Decimal) -> letters.Line:
    line: letters.Line = {
        "nature": NATURES[charge.head],
        "amount": amount,
        "quarter": charge.debt.quarter,
        "due_on": charge.debt.due_on,
    }
    if charge.head == ChargeHead.SOCIAL or not charge.explanation or amount != charge.amount:
        return line
    told = Explanation.from_dict(charge.explanation)
    if told.amount != amount:
        # A part of this interest was claimed before: the computation of the whole would not give this sum.
        line["until_on"] = charge.until_on
        return line
    if charge.head == ChargeHead.SURCHARGE:
        line["base"] = _money(told.inputs["contributions"])
        line["rate_pct"] = _money(told.parameters[0].value)
        return line
    if len(told.children) == 1:
        # One stretch at one rate on one sum: the letter can show the computation in a line.
        stretch = told.children[0]
        line["base"] = _money(stretch.inputs["base"])
        line["rate_pct"] = _money(stretch.parameters[0].value)
    line["from_on"] = _first_day(told)
    line["until_on"] = charge.until_on
    return line


def _money(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _first_day(told: Explanation) -> date | None:
    days = [stretch.inputs["from"] for stretch in told.children]
    return min((day for day in days if isinstance(day, date)), default=None)
