"""The bank's side of the seed: the payment runs as they were sent and confirmed, and daily statements."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from secal.access.actors import service_actor
from secal.access.models import User
from secal.advances.models import AdvanceRun, LineState, RunAction, RunState
from secal.config.demo.seed.load import Loader, moment
from secal.config.demo.seed.people import Inventor
from secal.kernel.calendar import next_working_day, working_day_on_or_after
from secal.kernel.identifiers import format_ogm
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.ledger import pain001
from secal.ledger.models import InstructionState, MovementState, PaymentFile, PaymentFileState, ReceiptState
from secal.ledger.services.payments import message_id_for
from secal.ledger.services.receipts import REMITTER_INDEX
from secal.vault.blind_index import blind_index

PREPARED_ON_DAY = 16
OPENING_BALANCE = Decimal("2500000.00")


def prepared_on(month: Month) -> date:
    """The working day on which the office prepares the payments of a month."""
    return working_day_on_or_after(month.day(PREPARED_ON_DAY))


@dataclass
class Payee:
    """Who is paid, and how much, in one instruction of a run."""

    end_to_end_id: str
    name: str
    iban: str
    amount: Decimal
    remittance: str


@dataclass
class Run:
    """One payment run of the past: prepared, approved, sent and confirmed within a few days."""

    id: uuid.UUID
    file_id: uuid.UUID
    key_id: uuid.UUID
    month: Month
    number: int
    prepared_on: date
    execution_on: date
    payees: list[Payee] = field(default_factory=list)
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Rows of a complementary run: written once the run before it is confirmed, for one is open at a time."""

    @property
    def total(self) -> Decimal:
        return sum((payee.amount for payee in self.payees), ZERO)


class Runs:
    """Every run up to the month before today's. What was granted too late for its month is paid by a
    complementary run, a month later."""

    def __init__(
        self, loader: Loader, inventor: Inventor, *, last: Month, preparer: User, approver: User
    ) -> None:
        self.loader = loader
        self.inventor = inventor
        self.last = last
        self.preparer = preparer
        self.approver = approver
        self._known: dict[tuple[Month, int], Run] = {}

    def paying(self, month: Month, decided_on: date) -> Run | None:
        """The run that pays a month's term granted on that day; None when it is still to come."""
        cycle = month
        while prepared_on(cycle) < decided_on:
            cycle += 1
        if cycle > self.last:
            return None
        number = cycle - month + 1
        return self._known.get((month, number)) or self._open(month, number)

    def add(
        self,
        run: Run,
        *,
        instruction: uuid.UUID,
        entry: uuid.UUID,
        right: uuid.UUID,
        term: uuid.UUID,
        claim: uuid.UUID,
        book: uuid.UUID,
        payee: uuid.UUID,
        payee_key: uuid.UUID,
        name: str,
        iban: str,
        amount: Decimal,
        remittance: str,
        explanation: dict[str, object],
    ) -> None:
        """A paid line of a run with its instruction, the source of the entry in the book."""
        if not run.payees:
            self._open_file(run)
        line = self.inventor.uuid()
        self._add(
            run,
            "advances.RunLine",
            id=line,
            run_id=run.id,
            right_id=right,
            term_id=term,
            amount=amount,
            state=LineState.PAID.value,
            explanation=explanation,
        )
        run.payees.append(Payee(message_id_for(line), name, iban, amount, remittance))
        self._add(
            run,
            "ledger.PaymentInstruction",
            id=instruction,
            file_id=run.file_id,
            book_id=book,
            payee_id=payee,
            end_to_end_id=message_id_for(line),
            source=line,
            claim_id=claim,
            amount=amount,
            iban=self.loader.seal("ledger.PaymentInstruction", "iban", instruction, payee_key, iban),
            remittance=remittance,
            state=InstructionState.PAID.value,
            entry_id=entry,
        )

    def exclude(
        self, run: Run, *, right: uuid.UUID, term: uuid.UUID, reason: str, explanation: dict[str, object]
    ) -> None:
        """A line without payment, with its reason."""
        self._add(
            run,
            "advances.RunLine",
            id=self.inventor.uuid(),
            run_id=run.id,
            right_id=right,
            term_id=term,
            amount=ZERO,
            state=LineState.EXCLUDED.value,
            exclusion=reason,
            explanation=explanation,
        )

    def write(self, statements: "Statements") -> None:
        """Payment files and changes of state, once every line is known: the month's own runs, then those
        that complete them. The database takes lines only while a run is being prepared, so a run is written
        first and confirmed afterwards."""
        for number in sorted({run.number for run in self._known.values()}):
            runs = [run for run in self._known.values() if run.number == number]
            for run in runs:
                for label, values in run.rows:
                    self.loader.add(label, **values)
                self._write_changes(run)
            self.loader.flush()
            for run in runs:
                self._confirm(run, statements)

    def _confirm(self, run: Run, statements: "Statements") -> None:
        if run.payees:
            self._make_file(run)
            for payee in run.payees:
                statements.paid_out(run.execution_on, payee.amount, payee.end_to_end_id)
        AdvanceRun.objects.filter(pk=run.id).update(
            state=RunState.CONFIRMED,
            approved_by=self.approver,
            approved_at=moment(run.prepared_on, 40),
            count=len(run.payees),
            total=run.total,
        )

    def _add(self, run: Run, label: str, **values: Any) -> None:
        if run.number == 1:
            self.loader.add(label, **values)
        else:
            run.rows.append((label, values))

    def _open(self, month: Month, number: int) -> Run:
        day = prepared_on(month + (number - 1))
        run = Run(
            id=self.inventor.uuid(),
            file_id=self.inventor.uuid(),
            key_id=self.inventor.uuid(),
            month=month,
            number=number,
            prepared_on=day,
            execution_on=next_working_day(next_working_day(day)),
        )
        self._known[month, number] = run
        self._add(
            run,
            "advances.AdvanceRun",
            id=run.id,
            month=run.month.first_day,
            number=run.number,
            state=RunState.PREPARING.value,
            execution_on=run.execution_on,
            prepared_by_id=self.preparer.pk,
            prepared_at=moment(run.prepared_on, 1),
        )
        return run

    def _open_file(self, run: Run) -> None:
        """Instructions join a payment file only while it is open."""
        self.loader.new_key(run.key_id, "bank")
        self._add(
            run,
            "ledger.PaymentFile",
            id=run.file_id,
            key_id=run.key_id,
            message_id=message_id_for(run.id),
            source=run.id,
            execution_on=run.execution_on,
            count=0,
            control_sum=ZERO,
            state=PaymentFileState.OPEN.value,
        )

    def _write_changes(self, run: Run) -> None:
        advances, bank = service_actor("advances"), service_actor("bank")
        preparer = (self.preparer.pk, self.preparer.display_name)
        approver = (self.approver.pk, self.approver.display_name)
        for step, (action, state, (actor, name), day) in enumerate(
            [
                (RunAction.PREPARE, RunState.PREPARING, preparer, run.prepared_on),
                (RunAction.PROPOSE, RunState.PROPOSED, (advances.id, advances.name), run.prepared_on),
                (RunAction.APPROVE, RunState.APPROVED, approver, run.prepared_on),
                (RunAction.SEND, RunState.SENT, (advances.id, advances.name), run.prepared_on),
                (RunAction.CONFIRM, RunState.CONFIRMED, (bank.id, bank.name), run.execution_on),
            ]
        ):
            self.loader.add(
                "advances.RunChange",
                id=self.inventor.uuid(),
                run_id=run.id,
                action=action.value,
                state=state.value,
                actor=actor,
                actor_name=name,
                at=moment(day, 1 + 20 * step),
            )

    def _make_file(self, run: Run) -> None:
        content = pain001.write(
            message_id=message_id_for(run.id),
            made_at=moment(run.prepared_on, 45),
            execution_on=run.execution_on,
            office=pain001.Office(settings.OFFICE_NAME, settings.OFFICE_IBAN, settings.OFFICE_BIC),
            transfers=(
                pain001.Transfer(one.end_to_end_id, one.name, one.iban, one.amount, one.remittance)
                for one in sorted(run.payees, key=lambda payee: payee.end_to_end_id)
            ),
        )
        PaymentFile.objects.filter(pk=run.file_id).update(
            count=len(run.payees),
            control_sum=run.total,
            sha256=hashlib.sha256(content).hexdigest(),
            content=self.loader.seal("ledger.PaymentFile", "content", run.file_id, run.key_id, content),
            state=PaymentFileState.EXECUTED,
            made_at=moment(run.prepared_on, 45),
            sent_at=moment(run.prepared_on, 60),
            reported_at=moment(run.prepared_on, 62),
        )


@dataclass
class Day:
    """The statement of one day while its movements gather."""

    id: uuid.UUID
    lines: int = 0
    sum: Decimal = ZERO
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


class Statements:
    """One statement a day with movements, each opening where the one before closed."""

    def __init__(self, loader: Loader, inventor: Inventor, *, importer: User) -> None:
        self.loader = loader
        self.inventor = inventor
        self.importer = importer
        self._days: dict[date, Day] = {}

    def received(
        self,
        day: date,
        amount: Decimal,
        *,
        receipt: uuid.UUID,
        book: uuid.UUID | None,
        ogm: str,
        name: str,
        iban: str,
        words: str = "",
        reason: str = "",
        explanation: dict[str, object] | None = None,
    ) -> None:
        """Money in, with its receipt: allocated to a book, or waiting with its reason."""
        statement = self._day(day)
        movement = self._movement(
            statement,
            day,
            amount,
            ogm=ogm,
            state=MovementState.MATCHED if book else MovementState.WAITING,
            name=name,
            iban=iban,
            words=words or (format_ogm(ogm) if ogm else ""),
        )
        self.loader.add(
            "ledger.Receipt",
            id=receipt,
            movement_id=movement,
            book_id=book,
            amount=amount,
            value_on=day,
            state=(ReceiptState.ALLOCATED if book else ReceiptState.WAITING).value,
            waiting_reason=reason,
            explanation=explanation or {},
        )

    def paid_out(self, day: date, amount: Decimal, end_to_end_id: str) -> None:
        """A payment of the office as the bank booked it."""
        self._movement(self._day(day), day, -amount, state=MovementState.PAYMENT, end_to_end_id=end_to_end_id)

    def write(self) -> None:
        """The statements themselves, in order, with balances that follow each other."""
        opening = OPENING_BALANCE
        for number, (day, statement) in enumerate(sorted(self._days.items()), start=1):
            closing = opening + statement.sum
            self.loader.add(
                "ledger.BankStatement",
                id=statement.id,
                file_sha256=statement.digest.hexdigest(),
                statement_id=f"EXTRAIT-{day:%Y-%m%d}",
                sequence=str(number),
                account_iban=settings.OFFICE_IBAN,
                from_on=day,
                until_on=day,
                opening=opening,
                closing=closing,
                imported_by_id=self.importer.pk,
                imported_at=moment(next_working_day(day), 5),
            )
            opening = closing

    def _day(self, day: date) -> Day:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = Day(self.inventor.uuid())
        return known

    def _movement(
        self,
        statement: Day,
        day: date,
        amount: Decimal,
        *,
        state: MovementState,
        ogm: str = "",
        end_to_end_id: str = "",
        name: str = "",
        iban: str = "",
        words: str = "",
    ) -> uuid.UUID:
        movement = self.inventor.uuid()
        key = self.loader.new_key(self.inventor.uuid(), "bank")
        statement.lines += 1
        statement.sum += amount
        statement.digest.update(f"{statement.lines}|{day}|{amount}|{ogm}|{end_to_end_id}\n".encode())

        def sealed(column: str, value: str) -> bytes | None:
            if not value:
                return None
            return self.loader.seal("ledger.BankMovement", column, movement, key, value)

        self.loader.add(
            "ledger.BankMovement",
            id=movement,
            key_id=key,
            statement_id=statement.id,
            line=statement.lines,
            booked_on=day,
            value_on=day,
            amount=amount,
            ogm=ogm,
            end_to_end_id=end_to_end_id,
            state=state.value,
            bank_reference=f"{day:%y%m%d}{statement.lines:07d}",
            remitter_name=sealed("remitter_name", name),
            remitter_iban=sealed("remitter_iban", iban),
            remittance=sealed("remittance", words),
            remitter_iban_bi=blind_index(REMITTER_INDEX, iban) if iban else None,
        )
        return movement


def settled_on(day: date, until: date) -> date | None:
    """The working day on which the bank books a payment made on a day; None when that is still to come."""
    booked = working_day_on_or_after(day)
    return booked if booked <= until else None
