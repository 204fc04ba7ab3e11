"""The other employers: debts at every point of their way, written by COPY in the shapes of the services.

Each has its employer, file, book and history; sums, delays and limitation are reckoned by the kernel with the
values of the law of their day. Letters on paper are composed for the told stories only.
"""

import uuid
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from recovery.arrears.models import ChargeHead, NoticeChannel, Origin, RollState
from recovery.cases.models import ActKind, FileEventKind, MandateState, ServiceMode, TitleState
from secal.access.models import Office, User
from secal.config.demo.seed.employers import EmployerInventor
from secal.config.demo.seed.load import Loader, moment
from secal.config.demo.seed.owing import (
    AFTER_MONTH,
    MONTH_AND_POST,
    REACHED,
    RECORDED_BEFORE_NOTICE,
    SHIFT,
    SHIFT_SERVED,
    STAGES,
    Owing,
    Sum,
    month_of_notice,
    working_day,
)
from secal.config.demo.seed.recovery_staff import RecoveryStaff
from secal.config.demo.seed.recovery_told import at_ten, unpaid_quarter
from secal.config.demo.seed.story import pick
from secal.kernel.identifiers import make_ogm
from secal.kernel.money import total
from secal.kernel.periods import Month
from secal.kernel.reckoning.arrears import (
    DebtAct,
    Principal,
    debt_limitation,
    due_date,
    late_interest,
    surcharge,
)
from secal.kernel.reckoning.procedure import opposition_delay
from secal.law import onss
from secal.ledger import rules
from secal.ledger.models import BookKind, EntryKind, Head, Owner
from secal.office.letters import clause_version
from secal.people.employers import enterprise_index
from secal.people.identifiers import employer_niss_index
from secal.people.services import searchable


class Bulk:
    """Writes files for one demonstration."""

    def __init__(self, loader: Loader, employers: EmployerInventor, team: RecoveryStaff, today: date) -> None:
        self.loader = loader
        self.employers = employers
        self.team = team
        self.today = today
        self.chance = employers.chance
        self._signed: list[tuple[uuid.UUID, date]] = []
        self._transmissions: dict[date, uuid.UUID] = {}
        self._running: dict[uuid.UUID, int] = defaultdict(int)

    def write(self, count: int) -> None:
        """So many employers. The numbers are taken as the services take them."""
        books, files = numbers("ledger_book_number", count), numbers("recovery_cases_file_number", count)
        self._notices, self._rolls, self._titles = (
            iter(numbers(name, count))
            for name in ("arrears_notice_number", "arrears_roll_number", "recovery_cases_title_number")
        )
        for book, file in zip(books, files, strict=True):
            self._live(book, file)

    def sign(self) -> None:
        """Make the rolls enforceable; not before, as the database adds lines to drawn ones only."""
        rolls, days = [roll for roll, _ in self._signed], [day for _, day in self._signed]
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE arrears_specialroll AS r
                   SET state = %s, enforceable_on = signed.on_day, enforceable_by_id = %s, delegation_id = %s
                   FROM unnest(%s::uuid[], %s::date[]) AS signed (id, on_day) WHERE r.id = signed.id""",
                [RollState.ENFORCEABLE.value, self.team.signatory.pk, self.team.delegation, rolls, days],
            )
        self._signed = []

    def permit(self) -> None:
        """Each bailiff of an office with a running mandate may work on its file, as the service gives it."""
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO recovery_cases_mandatepermission (user_id, permission_id, content_object_id)
                   SELECT DISTINCT u.id, p.id, m.file_id FROM recovery_cases_mandate m
                   JOIN access_user u ON u.office_id = m.office_id
                   JOIN auth_permission p ON p.codename = 'work_under_mandate'
                   WHERE m.state = 'running' ON CONFLICT DO NOTHING"""
            )

    def _new(self) -> uuid.UUID:
        return self.employers.inventor.uuid()

    def _live(self, book_number: int, serial: int) -> None:
        owing = self._begin()
        ogm = make_ogm(book_number)
        self._write_employer(owing)
        quarters = self._quarters(owing.opened_on)
        debts = [(self._owe(owing, quarter), quarter) for quarter in quarters]
        if owing.reached("noticed"):
            self._put_on_notice(owing, debts)
        if owing.reached("drawn"):
            self._recover(owing)
        self._write_claims(owing)
        self.loader.add(
            "ledger.Book",
            id=owing.book,
            kind=BookKind.EMPLOYER.value,
            number=int(ogm[:10]),
            ogm=ogm,
            opened_on=owing.opened_on,
            last_entry=owing.entries,
        )
        self.loader.add(
            "recovery_cases.RecoveryFile",
            id=owing.id,
            key_id=self.loader.new_key(owing.key_id, "file"),
            number=f"ONSS-{owing.opened_on.year}-{serial:06d}",
            employer_id=owing.employer,
            book_id=owing.book,
            language=owing.details.language,
            opened_on=owing.opened_on,
        )
        self._tell(owing, FileEventKind.DEBT, "file_opened", owing.opened_on, self.team.clerk)

    def _begin(self) -> Owing:
        stage = pick(self.chance, STAGES)
        back = self.chance.randrange(SHIFT.get(stage, SHIFT_SERVED))
        if REACHED[stage] > REACHED["noticed"]:
            back += MONTH_AND_POST + AFTER_MONTH[stage] + 4
        notice_on = working_day(self.today - timedelta(days=back + 4))
        if stage == "recorded":
            opened_on = notice_on
        else:
            opened_on = working_day(notice_on - timedelta(days=RECORDED_BEFORE_NOTICE))
        return Owing(
            id=self._new(),
            key_id=self._new(),
            book=self._new(),
            employer=self._new(),
            details=self.employers.draw(),
            stage=stage,
            opened_on=opened_on,
            notice_on=notice_on,
        )

    def _quarters(self, on: date) -> list[date]:
        last = Month.of(unpaid_quarter(on))
        many = self.chance.choices((1, 2, 3), (70, 22, 8))[0]
        return [(last - 3 * back).first_day for back in range(many - 1, -1, -1)]

    def _write_employer(self, owing: Owing) -> None:
        details, loader = owing.details, self.loader
        key = loader.new_key(self._new(), "person")

        def sealed(column: str, value: str) -> Any:
            return loader.seal("people.Employer", column, owing.employer, key, value) if value else None

        loader.add(
            "people.Employer",
            id=owing.employer,
            key_id=key,
            kind=details.kind,
            name=details.name,
            search_name=searchable(details.name),
            legal_form=details.legal_form,
            enterprise_number=sealed("enterprise_number", details.enterprise_number),
            enterprise_number_bi=enterprise_index(details.enterprise_number),
            niss=sealed("niss", details.niss),
            niss_bi=employer_niss_index(details.niss) if details.niss else None,
            birth_date=details.birth_date,
            address=sealed("address", details.address),
            arrondissement=details.arrondissement,
            language=details.language,
            created_at=moment(owing.opened_on),
        )

    def _owe(self, owing: Owing, quarter: date) -> uuid.UUID:
        """A debt with its contributions and its surcharge, booked on the day it is recorded."""
        debt, due_on = self._new(), due_date(quarter)
        contributions = Decimal(self.chance.randrange(900_00, 32_000_00)) / 100
        self.loader.add(
            "arrears.Debt",
            id=debt,
            file_id=owing.id,
            quarter=quarter,
            origin=Origin.DECLARED.value,
            contributions=contributions,
            due_on=due_on,
            recorded_on=owing.opened_on,
            recorded_by=self.team.clerk.pk,
        )
        extra = surcharge(contributions, onss.surcharge_parameters(on=due_on))
        self._charge(owing, debt, quarter, ChargeHead.SOCIAL, contributions, source=debt, on=owing.opened_on)
        self._charge(
            owing,
            debt,
            quarter,
            ChargeHead.SURCHARGE,
            extra.amount,
            source=debt,
            on=owing.opened_on,
            explanation=extra.explanation.to_dict(),
        )
        params = {
            "quarter": quarter.isoformat(),
            "amount": str(contributions),
            "origin": Origin.DECLARED.value,
        }
        self._tell(owing, FileEventKind.DEBT, "debt_recorded", owing.opened_on, self.team.clerk, **params)
        return debt

    def _put_on_notice(self, owing: Owing, debts: list[tuple[uuid.UUID, date]]) -> None:
        """The notice with the interest up to its day, and its month."""
        notice, on = self._new(), owing.notice_on
        owing.delay = delay = month_of_notice(on)
        number = f"MD-{on.year}-{next(self._notices):06d}"
        self._interest(owing, debts, notice)
        self.loader.add(
            "arrears.FormalNotice",
            id=notice,
            file_id=owing.id,
            number=number,
            channel=NoticeChannel.REGISTERED_PAPER.value,
            sent_on=on,
            clause_version=clause_version("formal_notice"),
            first_day=delay.first_day,
            last_day=delay.last_day,
            explanation=delay.explanation.to_dict(),
            sent_by=self.team.clerk.pk,
        )
        for one in owing.sums:
            self.loader.add(
                "arrears.NoticeLine", id=one.line, notice_id=notice, charge_id=one.charge, amount=one.amount
            )
        owing.acts.append(DebtAct(on, "registered_letter"))
        params = {"number": number, "amount": self._all(owing), "last_on": delay.last_day.isoformat()}
        self._tell(owing, FileEventKind.LETTER, "notice_sent", on, self.team.clerk, **params)

    def _interest(self, owing: Owing, debts: list[tuple[uuid.UUID, date]], notice: uuid.UUID) -> None:
        on = owing.notice_on
        bases = {one.quarter: one.amount for one in owing.sums if one.head == ChargeHead.SOCIAL}
        principals = [
            Principal(quarter.isoformat(), bases[quarter], due_date(quarter)) for _debt, quarter in debts
        ]
        reckoned = late_interest(principals, on, onss.arrears_interest_parameters(on=on))
        lines = [
            (debt, quarter, line)
            for (debt, quarter), line in zip(debts, reckoned.lines, strict=True)
            if line.amount > 0
        ]
        entry: list[tuple[uuid.UUID, Decimal]] = []
        for debt, quarter, line in lines:
            claim = self._claim(
                owing, debt, quarter, ChargeHead.INTEREST, line.amount, line.explanation.to_dict(), until=on
            )
            entry.append((claim, line.amount))
        if entry:
            self._enter(owing, EntryKind.INTEREST, entry, source=notice, on=on)

    def _recover(self, owing: Owing) -> None:
        """Roll, constraint, transmission, mandate, service: as far as the file has come."""
        roll = self._draw(owing)
        if not owing.reached("issued"):
            return
        title, number, served = self._new(), f"CT-{owing.day('issued').year}-{next(self._titles):06d}", None
        self._step(owing, "constraint_issued", "issued", self.team.signatory, number=number)
        if owing.reached("transmitted"):
            self._transmit(owing, title, number)
        office = self._office(owing) if owing.reached("mandated") else None
        mandate = self._give(owing, title, number, office) if office else None
        opposition_until = None
        if office and mandate and owing.reached("served"):
            served = owing.day("served")
            delay = opposition_delay(served_on=served, parameters=onss.opposition_parameters(on=served))
            opposition_until = delay.last_day
            self._serve(owing, title, number, mandate, office, opposition_until)
        self.loader.add(
            "recovery_cases.Title",
            id=title,
            file_id=owing.id,
            number=number,
            roll=roll,
            issued_on=owing.day("issued"),
            issued_by=self.team.signatory.pk,
            sums=[
                {"kind": one.head.value, "quarter": one.quarter.isoformat(), "amount": str(one.amount)}
                for one in owing.sums
            ],
            court=owing.details.arrondissement,
            state=self._state(owing, mandate, served),
            served_at=at_ten(served) if served else None,
            opposition_until=opposition_until,
        )

    @staticmethod
    def _state(owing: Owing, mandate: uuid.UUID | None, served: date | None) -> str:
        if served:
            return TitleState.SERVED.value
        if mandate:
            return TitleState.MANDATED.value
        return (TitleState.TRANSMITTED if owing.reached("transmitted") else TitleState.ISSUED).value

    def _draw(self, owing: Owing) -> uuid.UUID:
        roll, drawn_on, signed = self._new(), owing.day("drawn"), owing.reached("signed")
        number = f"RS-{drawn_on.year}-{next(self._rolls):06d}"
        self.loader.add(
            "arrears.SpecialRoll",
            id=roll,
            file_id=owing.id,
            number=number,
            state=RollState.DRAWN.value,
            drawn_on=drawn_on,
            drawn_by_id=self.team.clerk.pk,
        )
        if signed:
            self._signed.append((roll, owing.day("signed")))
        for one in owing.sums:
            self.loader.add(
                "arrears.RollLine",
                id=self._new(),
                roll_id=roll,
                charge_id=one.charge,
                notice_line_id=one.line,
                amount=one.amount,
            )
        self._step(owing, "roll_drawn", "drawn", self.team.clerk, number=number)
        if signed:
            self._tell(
                owing,
                FileEventKind.TITLE,
                "roll_enforceable",
                owing.day("signed"),
                self.team.signatory,
                number=number,
            )
        return roll

    def _transmit(self, owing: Owing, title: uuid.UUID, number: str) -> None:
        on = owing.day("transmitted")
        if on not in self._transmissions:
            self._transmissions[on] = self._new()
            self.loader.add(
                "enforcement.Transmission",
                id=self._transmissions[on],
                controller=settings.ONSS_NAME,
                processor=settings.CONCESSIONAIRE_NAME,
                transmitted_on=on,
                transmitted_by_id=self.team.directorate.pk,
            )
        self.loader.add(
            "enforcement.TransmittedTitle",
            id=self._new(),
            transmission_id=self._transmissions[on],
            title_id=title,
            file_id=owing.id,
        )
        params = {"title": number, "processor": settings.CONCESSIONAIRE_NAME}
        self._tell(owing, FileEventKind.TITLE, "title_transmitted", on, self.team.directorate, **params)

    def _office(self, owing: Owing) -> Office | None:
        """The least loaded office of the debtor's arrondissement; None where the demonstration has none."""
        competent = self.team.offices.get(owing.details.arrondissement, [])
        return min(competent, key=lambda office: self._running[office.pk], default=None)

    def _give(self, owing: Owing, title: uuid.UUID, number: str, office: Office) -> uuid.UUID:
        mandate, on = self._new(), owing.day("mandated")
        self._running[office.pk] += 1
        self.loader.add(
            "recovery_cases.Mandate",
            id=mandate,
            title_id=title,
            file_id=owing.id,
            office_id=office.pk,
            given_on=on,
            given_by=self.team.operator.pk,
            state=MandateState.RUNNING.value,
        )
        params = {"title": number, "office": office.name}
        self._tell(owing, FileEventKind.MANDATE, "mandate_given", on, self.team.operator, **params)
        return mandate

    def _serve(
        self, owing: Owing, title: uuid.UUID, number: str, mandate: uuid.UUID, office: Office, until: date
    ) -> None:
        on = owing.day("served")
        bailiff = self.team.bailiffs[office.name][0]
        self.loader.add(
            "recovery_cases.Act",
            id=self._new(),
            mandate_id=mandate,
            title_id=title,
            file_id=owing.id,
            kind=ActKind.SERVICE.value,
            acted_at=at_ten(on),
            place=office.arrondissement,
            mode=ServiceMode.AT_DOMICILE.value,
            recorded_by=bailiff.pk,
            recorded_at=moment(on),
        )
        owing.acts.append(DebtAct(on, "constraint_service"))
        self._tell(
            owing, FileEventKind.ACT, "title_served", on, bailiff, title=number, until_on=until.isoformat()
        )

    def _charge(
        self,
        owing: Owing,
        debt: uuid.UUID,
        quarter: date,
        head: ChargeHead,
        amount: Decimal,
        *,
        source: uuid.UUID,
        on: date,
        explanation: dict[str, object] | None = None,
    ) -> None:
        """One sum with an entry of its own."""
        claim = self._claim(owing, debt, quarter, head, amount, explanation or {})
        self._enter(owing, rules.ONSS_CHARGES[Head(head.value)], [(claim, amount)], source=source, on=on)

    def _claim(
        self,
        owing: Owing,
        debt: uuid.UUID,
        quarter: date,
        head: ChargeHead,
        amount: Decimal,
        explanation: dict[str, object],
        *,
        until: date | None = None,
    ) -> uuid.UUID:
        charge, claim = self._new(), self._new()
        owing.claims.append({"id": claim, "head": head.value, "period": quarter, "due_on": due_date(quarter)})
        owing.sums.append(Sum(charge, claim, head, quarter, amount, self._new()))
        self.loader.add(
            "arrears.DebtCharge",
            id=charge,
            debt_id=debt,
            head=head.value,
            claim_id=claim,
            amount=amount,
            until_on=until,
            explanation=explanation,
        )
        return claim

    def _enter(
        self,
        owing: Owing,
        kind: EntryKind,
        sums: list[tuple[uuid.UUID, Decimal]],
        *,
        source: uuid.UUID,
        on: date,
    ) -> None:
        entry = self._new()
        owing.entries += 1
        self.loader.add(
            "ledger.JournalEntry",
            id=entry,
            book_id=owing.book,
            number=owing.entries,
            kind=kind.value,
            booked_on=on,
            value_on=on,
            source=source,
            actor=self.team.clerk.pk,
            created_at=moment(on),
        )
        for line in rules.charge_lines(kind, sums):
            self.loader.add(
                "ledger.Posting",
                id=self._new(),
                entry_id=entry,
                book_id=owing.book,
                account=line.account.value,
                claim_id=line.claim_id,
                amount=line.amount,
            )

    def _write_claims(self, owing: Owing) -> None:
        """Claims with the day on which they lapse, which notice and service put off."""
        parameters = onss.debt_limitation_parameters(on=self.today)
        for claim in owing.claims:
            lapses_on = debt_limitation(claim["due_on"], parameters, acts=owing.acts).lapses_on
            self.loader.add(
                "ledger.Claim",
                **claim,
                book_id=owing.book,
                rank=rules.ONSS_RANK,
                owner=Owner.INSTITUTION.value,
                limitation_on=lapses_on,
            )

    def _step(self, owing: Owing, code: str, stage: str, actor: User, *, number: str) -> None:
        params = {"number": number, "amount": self._all(owing)}
        self._tell(owing, FileEventKind.TITLE, code, owing.day(stage), actor, **params)

    def _tell(
        self, owing: Owing, kind: FileEventKind, code: str, on: date, actor: User, **params: str
    ) -> None:
        self.loader.add(
            "recovery_cases.FileEvent",
            id=self._new(),
            file_id=owing.id,
            kind=kind.value,
            code=code,
            params=params,
            happened_on=on,
            at=moment(on),
            actor=actor.pk,
            actor_name=actor.display_name,
        )

    @staticmethod
    def _all(owing: Owing) -> str:
        return str(total(one.amount for one in owing.sums))


def numbers(sequence: str, count: int) -> list[int]:
    """The next numbers of a sequence, as the services take them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return sorted(number for (number,) in cursor.fetchall())
