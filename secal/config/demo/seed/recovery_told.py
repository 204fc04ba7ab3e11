"""The told stories of recovery: one debt at each point of its way, brought there by the services that people
use, each step on its day and as the person whose step it is."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings

from recovery.arrears.models import NoticeChannel, NoticeLine, OppositionForm, Origin, SpecialRoll
from recovery.arrears.services.constraints import issue_constraint
from recovery.arrears.services.debts import record_debt
from recovery.arrears.services.notices import send_notice
from recovery.arrears.services.oppositions import record_opposition
from recovery.arrears.services.rolls import draw_roll, sign_roll
from recovery.cases.dues import amount_due
from recovery.cases.models import (
    Act,
    ActKind,
    Document,
    Mandate,
    RecoveryFile,
    ServiceMode,
    Title,
)
from recovery.enforcement.services.distribution import give
from recovery.enforcement.services.irrecoverability import propose
from recovery.enforcement.services.transmission import transmit
from recovery.portal import booking
from recovery.portal.models import PaymentWay
from recovery.portal.services import (
    ActFacts,
    CloseReason,
    PaymentFacts,
    ServiceFacts,
    close,
    record_act,
    record_payment,
    record_service,
    upload_deed,
)
from secal.access.models import Office, User
from secal.config.demo.personas import DE_CLERCQ, MOREAU
from secal.config.demo.seed.author import telling_of, telling_of_service
from secal.config.demo.seed.deed import deed_paper
from secal.config.demo.seed.employers import EmployerInventor
from secal.config.demo.seed.recovery_staff import RecoveryStaff
from secal.config.demo.seed.told import Story
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.arrondissements import Arrondissement
from secal.kernel.calendar import is_working_day
from secal.kernel.periods import Month
from secal.kernel.reckoning.arrears import due_date
from secal.kernel.reckoning.procedure import BRUSSELS
from secal.ledger.services.receipts import import_statement
from secal.people.employers import EmployerDetails, register_employer

COSTS_OF_SERVICE = Decimal("95.40")
OPENING = Decimal("10000.00")
LACK = "Rien de saisissable au siege"
REASONS = "Procès-verbal de carence : aucun bien saisissable, le siège est vide et le commerce a cessé."

RECORDED, NOTICED, DRAWN, SIGNED, ISSUED = 92, 88, 40, 39, 38
TRANSMITTED, GIVEN, SERVED, OPPOSED = 34, 32, 20, 12
FOUND_NOTHING, PROPOSED = 9, 5
"""Days before today of each step of a story: the month of the notice runs between notice and roll."""
LONG_AGO = 120
"""So many days earlier lies the story of a debt that is paid."""
PAID, REMITTED, CLOSED = 12, 9, 6
BEFORE_LAST_YEARS_SUMMER = (6, 1)
"""Around this day of last year the story ended whose data are erased."""

STORIES = (
    Story(
        "Boulangerie Lejeune",
        "Hélène Marchal",
        "Un trimestre impayé depuis peu : la mise en demeure est à envoyer.",
    ),
    Story(
        "Bakkerij Van Acker",
        "Hélène Marchal",
        "Mise en demeure envoyée : le mois court encore, en néerlandais.",
    ),
    Story("Garage Wauters", "Hélène Marchal", "Le mois est passé sans contestation : le rôle est à établir."),
    Story(
        "Bauunternehmen Kessel", "Brigitte Collard", "Un rôle attend d’être rendu exécutoire, en allemand."
    ),
    Story(
        "Drukkerij Peeters",
        "Geert Van Damme",
        "Une contrainte est décernée : la transmettre au concessionnaire.",
    ),
    Story("Transports Gilson", "Dirk Aerts", "Un titre est à confier à une étude de Bruxelles."),
    Story("Imprimerie Marchal", "Sophie Moreau", "Un mandat : la contrainte est à signifier."),
    Story("Restaurant Bodart", "Sophie Moreau", "Contrainte signifiée : le délai d’opposition court."),
    Story("Toitures Delvaux", "Sophie Moreau", "Une opposition est pendante : l’exécution est bloquée."),
    Story("Dakwerken De Smet", "Jan De Clercq", "Le dossier d’une autre étude : Sophie ne le voit pas."),
    Story("Olivier Servais", "Geert Van Damme", "Un collègue propose l’irrécouvrable : décider."),
    Story(
        "Menuiserie Hubert",
        "Paul Renard, An Willems",
        "Dette payée, intervention close : ses données sont à effacer.",
    ),
)
TOLD = len(STORIES) + 1
"""Employers of told stories: those, and the one that is erased."""


@dataclass
class Course:
    """One debt on its way. `ago(days)`: that day, counted back from the story's own today."""

    team: RecoveryStaff
    today: date
    file: RecoveryFile = field(init=False)
    title: Title = field(init=False)
    mandate: Mandate = field(init=False)
    bailiff: User = field(init=False)

    def ago(self, days: int) -> date:
        """The last working day that lies at least so many days back."""
        day = self.today - timedelta(days=days)
        while not is_working_day(day):
            day -= timedelta(days=1)
        return day

    def owes(self, details: EmployerDetails, contributions: Decimal, *, days: int = RECORDED) -> None:
        on = self.ago(days)
        with telling_of(self.team.clerk.pk):
            employer = register_employer(details, on=on).employer
            debt = record_debt(
                employer_id=employer.pk,
                quarter=unpaid_quarter(on),
                origin=Origin.DECLARED,
                contributions=contributions,
                on=on,
            )
        self.file = debt.file

    def is_put_on_notice(self, *, days: int = NOTICED) -> None:
        on = self.ago(days)
        with telling_of(self.team.clerk.pk):
            send_notice(file_id=self.file.pk, channel=NoticeChannel.REGISTERED_PAPER, sent_on=on, on=on)

    def is_on_a_roll(self, *, days: int = DRAWN) -> SpecialRoll:
        lines = list(NoticeLine.objects.filter(notice__file=self.file).values_list("pk", flat=True))
        with telling_of(self.team.clerk.pk):
            return draw_roll(file_id=self.file.pk, line_ids=lines, on=self.ago(days))

    def is_constrained(self) -> None:
        roll = self.is_on_a_roll()
        with telling_of(self.team.signatory.pk):
            sign_roll(file_id=self.file.pk, roll_id=roll.pk, on=self.ago(SIGNED))
            self.title = issue_constraint(file_id=self.file.pk, roll_id=roll.pk, on=self.ago(ISSUED))

    def is_transmitted(self) -> None:
        with telling_of(self.team.directorate.pk):
            transmit(title_ids=[self.title.pk], on=self.ago(TRANSMITTED))

    def goes_to(self, name: str) -> None:
        office = Office.objects.get(name=name)
        self.bailiff = self.team.bailiffs[name][0]
        with telling_of(self.team.operator.pk):
            self.mandate = give(title_id=self.title.pk, office_id=office.pk, on=self.ago(GIVEN))

    def is_served(self) -> None:
        at = at_ten(self.ago(SERVED))
        facts = ServiceFacts(
            self.mandate.pk,
            at,
            self.mandate.office.arrondissement,
            ServiceMode.AT_DOMICILE,
            costs=COSTS_OF_SERVICE,
        )
        with telling_of(self.bailiff.pk):
            record_service(
                file_id=self.file.pk, facts=facts, act_id=uuid.uuid4(), now=at + timedelta(hours=5)
            )
        book(at=at + timedelta(hours=6))

    def is_opposed(self) -> None:
        on = self.ago(OPPOSED)
        with telling_of(self.team.directorate.pk):
            record_opposition(
                file_id=self.file.pk,
                title_id=self.title.pk,
                filed_on=on,
                form=OppositionForm.PETITION,
                reasoned=True,
                on=on,
            )

    def has_nothing(self) -> Document:
        """The bailiff finds nothing to seize, and keeps the deed."""
        at = at_ten(self.ago(FOUND_NOTHING))
        facts = ActFacts(self.mandate.pk, ActKind.FINDING_OF_LACK, at, self.mandate.office.arrondissement)
        with telling_of(self.bailiff.pk):
            found: Act = record_act(
                file_id=self.file.pk, facts=facts, act_id=uuid.uuid4(), now=at + timedelta(hours=5)
            )
            return upload_deed(
                file_id=self.file.pk, act_id=found.pk, content=deed_paper(LACK), on=self.ago(FOUND_NOTHING)
            )

    def is_proposed_as_lost(self, evidence: Document) -> None:
        with telling_of(self.team.clerk.pk):
            propose(file_id=self.file.pk, reasons=REASONS, evidence_id=evidence.pk, on=self.ago(PROPOSED))

    def is_paid_at_the_bailiff(self) -> None:
        """The debtor pays all of it to the bailiff, who passes it on and closes the intervention."""
        on = self.ago(PAID)
        amount = amount_due(self.file, on=on).total
        facts = PaymentFacts(self.mandate.pk, amount, on, PaymentWay.TRANSFER)
        with telling_of(self.bailiff.pk):
            record_payment(file_id=self.file.pk, facts=facts, payment_id=uuid.uuid4(), on=on)
        book(at=at_ten(on) + timedelta(hours=6))
        self._remits(amount)
        with telling_of(self.bailiff.pk):
            close(
                file_id=self.file.pk,
                mandate_id=self.mandate.pk,
                reason=CloseReason.PAID,
                at=at_ten(self.ago(CLOSED)),
            )
        book(at=at_ten(self.ago(CLOSED)) + timedelta(hours=6))

    def _remits(self, amount: Decimal) -> None:
        on, office = self.ago(REMITTED), self.mandate.office
        content = write_statement(
            [Transfer(amount, name=office.name, iban=office.iban, ogm=self.file.book.communication)],
            account_iban=settings.ONSS_IBAN,
            day=on,
            opening=OPENING,
            number=int(f"{on:%j}"),
            owner=settings.ONSS_NAME,
        )
        with telling_of(self.team.clerk.pk):
            import_statement(content=content, on=on)


def book(at: datetime) -> None:
    """What waits is booked within the author's transaction, as by the worker."""
    booking.book_waiting(at=at, unit=lambda: telling_of_service(booking.SERVICE))


def at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10, 0), BRUSSELS)


def unpaid_quarter(on: date) -> date:
    """First day of the last quarter of which the day to pay has passed."""
    quarter = Month(on.year, (on.month - 1) // 3 * 3 + 1) - 3
    while due_date(quarter.first_day) >= on:
        quarter -= 3
    return quarter.first_day


def tell_recovery(team: RecoveryStaff, employers: EmployerInventor, today: date) -> None:
    """Every story of STORIES, and before them the one whose data are erased at the start."""
    brussels, ghent = Arrondissement.BRUXELLES, Arrondissement.OOST_VLAANDEREN

    def firm(name: str, form: str, language: str, place: str, owed: str, *, days: int = RECORDED) -> Course:
        course = Course(team, today)
        course.owes(employers.firm(name, form, language, place), Decimal(owed), days=days)
        return course

    def noticed(*told: str) -> Course:
        course = firm(*told)
        course.is_put_on_notice()
        return course

    def constrained(*told: str) -> Course:
        course = noticed(*told)
        course.is_constrained()
        return course

    def mandated(office: str, *told: str) -> Course:
        course = constrained(*told)
        course.is_transmitted()
        course.goes_to(office)
        return course

    erased_about = date(today.year - 1, *BEFORE_LAST_YEARS_SUMMER)
    _told_to_the_end(team, erased_about, employers.firm("Blanchisserie Henry", "SRL", "fr", brussels))
    _told_to_the_end(
        team, today - timedelta(days=LONG_AGO), employers.firm("Menuiserie Hubert", "SRL", "fr", brussels)
    )
    firm("Boulangerie Lejeune", "SRL", "fr", brussels, "4812.50", days=10)
    firm("Bakkerij Van Acker", "BV", "nl", ghent, "7340.00", days=14).is_put_on_notice(days=12)
    noticed("Garage Wauters", "SA", "fr", brussels, "12500.00")
    noticed("Bauunternehmen Kessel", "GmbH", "de", Arrondissement.EUPEN, "23180.40").is_on_a_roll()
    constrained("Drukkerij Peeters", "NV", "nl", Arrondissement.LEUVEN, "6150.00")
    constrained("Transports Gilson", "SRL", "fr", brussels, "18940.75").is_transmitted()
    mandated(MOREAU, "Imprimerie Marchal", "SRL", "fr", brussels, "9220.00")
    mandated(MOREAU, "Restaurant Bodart", "SRL", "fr", brussels, "5430.25").is_served()
    opposed = mandated(MOREAU, "Toitures Delvaux", "SA", "fr", brussels, "31000.00")
    opposed.is_served()
    opposed.is_opposed()
    mandated(DE_CLERCQ, "Dakwerken De Smet", "BV", "nl", ghent, "8075.10").is_served()
    _told_as_lost(team, today, employers.person("fr", brussels, named="Olivier Servais"))


def _told_to_the_end(team: RecoveryStaff, today: date, details: EmployerDetails) -> None:
    course = Course(team, today)
    course.owes(details, Decimal("2640.00"))
    course.is_put_on_notice()
    course.is_constrained()
    course.is_transmitted()
    course.goes_to(MOREAU)
    course.is_served()
    course.is_paid_at_the_bailiff()


def _told_as_lost(team: RecoveryStaff, today: date, details: EmployerDetails) -> None:
    course = Course(team, today)
    course.owes(details, Decimal("3960.00"))
    course.is_put_on_notice()
    course.is_constrained()
    course.is_transmitted()
    course.goes_to(MOREAU)
    course.is_served()
    course.is_proposed_as_lost(course.has_nothing())
