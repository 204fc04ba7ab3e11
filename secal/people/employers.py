"""The only writer of employers: registered once, found again by their number without it being read."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.policy import Facts, require
from secal.kernel.arrondissements import Arrondissement
from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_enterprise_number, parse_niss
from secal.people import events
from secal.people.identifiers import employer_niss_index
from secal.people.models import Employer, EmployerKind
from secal.people.services import searchable
from secal.vault.blind_index import blind_index
from secal.vault.keystore import create_key


class EmployerError(DomainError):
    """An employer that cannot be registered so."""


@dataclass(frozen=True, slots=True)
class EmployerDetails:
    """An employer as the clerk states it. Numbers may be written with or without signs; "" where there is
    none.
    """

    kind: str
    name: str
    arrondissement: str
    enterprise_number: str = ""
    onss_number: str = ""
    legal_form: str = ""
    niss: str = ""
    birth_date: date | None = None
    address: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class EmployerRegistration:
    """The employer behind the details; `known`: it was registered before and keeps what the office holds."""

    employer: Employer
    known: bool


def enterprise_index(number: str) -> bytes:
    """Index of the ten digits of an enterprise number."""
    return blind_index("employer.enterprise_number", number)


def onss_index(number: str) -> bytes:
    """Index of the digits of an ONSS number."""
    return blind_index("employer.onss_number", number)


def find_by_enterprise_number(number: str) -> Employer | None:
    """The employer with this number (ten digits)."""
    return Employer.objects.filter(enterprise_number_bi=enterprise_index(number)).first()


def register_employer(details: EmployerDetails, *, on: date) -> EmployerRegistration:
    """The employer of these details: made, or found by its number and linked.

    Raises Refused; IdentifierError for a number that cannot be one; EmployerError employer.no_number,
    employer.no_name, employer.niss_of_firm, employer.arrondissement, employer.numbers_differ.
    """
    require("employer.register")
    details = _checked(details)
    known = _known(details)
    employer = known or _make_or_meet(details)
    require("employer.register", Facts(subject=employer.pk, actor_is_party=is_debtor(employer)))
    events.employer_registered(employer=employer.pk)
    return EmployerRegistration(employer, known is not None)


def _checked(details: EmployerDetails) -> EmployerDetails:
    if not details.name.strip():
        raise EmployerError("employer.no_name", _("Donnez le nom ou la dénomination."), "name")
    if details.arrondissement not in set(Arrondissement):
        raise EmployerError(
            "employer.arrondissement",
            _("Choisissez l’arrondissement du siège ou du domicile."),
            "arrondissement",
        )
    natural = details.kind == EmployerKind.NATURAL
    if not natural and (details.niss or details.birth_date):
        raise EmployerError("employer.niss_of_firm", _("Une personne morale n’a pas de NISS."), "niss")
    number = parse_enterprise_number(details.enterprise_number) if details.enterprise_number else ""
    onss = "".join(sign for sign in details.onss_number if sign.isdigit())
    if not number and not (natural and onss):
        raise EmployerError(
            "employer.no_number",
            _("Donnez le numéro d’entreprise ; une personne physique qui n’en a pas donne son numéro ONSS."),
            "enterprise_number",
        )
    return EmployerDetails(
        kind=EmployerKind(details.kind),
        name=" ".join(details.name.split()),
        arrondissement=Arrondissement(details.arrondissement),
        enterprise_number=number,
        onss_number=onss,
        legal_form=details.legal_form.strip(),
        niss=parse_niss(details.niss) if details.niss else "",
        birth_date=details.birth_date,
        address=details.address.strip(),
        language=details.language,
    )


def _known(details: EmployerDetails) -> Employer | None:
    by_number = find_by_enterprise_number(details.enterprise_number) if details.enterprise_number else None
    by_onss = (
        Employer.objects.filter(onss_number_bi=onss_index(details.onss_number)).first()
        if details.onss_number
        else None
    )
    if by_onss is not None and details.enterprise_number and by_onss != by_number:
        raise EmployerError(
            "employer.numbers_differ",
            _("Ce numéro ONSS est celui d’un autre employeur. Vérifiez les deux numéros."),
            "onss_number",
        )
    return by_number or by_onss


def _make_or_meet(details: EmployerDetails) -> Employer:
    """Make the employer; when somebody else made the same number at the same moment, meet theirs."""
    try:
        with transaction.atomic():
            return _make(details)
    except IntegrityError:
        met = _known(details)
        if met is None:
            raise
        return met


def _make(details: EmployerDetails) -> Employer:
    employer = Employer(
        key_id=create_key("person"),
        kind=details.kind,
        name=details.name,
        search_name=searchable(details.name),
        legal_form=details.legal_form,
        enterprise_number_bi=enterprise_index(details.enterprise_number)
        if details.enterprise_number
        else None,
        onss_number_bi=onss_index(details.onss_number) if details.onss_number else None,
        niss_bi=employer_niss_index(details.niss) if details.niss else None,
        birth_date=details.birth_date,
        arrondissement=details.arrondissement,
        language=details.language,
    )
    for field in ("enterprise_number", "onss_number", "niss", "address"):
        employer.seal_value(field, getattr(details, field))
    employer.save()
    return employer


def is_debtor(employer: Employer) -> bool:
    """Whether this employer is the very person at work."""
    own = current_actor().employer_bi
    return own is not None and own == employer.niss_bi


def open_employer(employer_id: uuid.UUID, *, act: str) -> Employer:
    """One employer for a page of the act, logged. Raises Refused, hidden when there is none."""
    require(act, Facts(subject=employer_id))
    employer = Employer.objects.filter(pk=employer_id).first()
    if employer is None:
        raise Refused(
            act, "no_such_employer", _("Cet employeur n’existe pas."), subject=employer_id, hidden=True
        )
    require(act, Facts(subject=employer_id, actor_is_party=is_debtor(employer)))
    events.employer_read(act, employer=employer.pk)
    return employer
