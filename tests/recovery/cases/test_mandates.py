"""Who may work on a file: only a bailiff of an office with a running mandate, and only while it runs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from recovery.cases.errors import RecoveryError
from recovery.cases.models import (
    ActKind,
    Mandate,
    MandatePermission,
    MandateState,
    Outcome,
    RecoveryFile,
    Title,
    TitleState,
)
from recovery.cases.selectors import get_file, get_mandated_file, identity, mandated_files
from recovery.cases.services.mandates import admit_bailiff, end_mandate, give_mandate
from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Plane, Role
from secal.access.services import users
from secal.access.unit_of_work import acting_as, service_work
from secal.office import jobs
from secal.office.models import Job
from tests.changing import change
from tests.recovery.stories import (
    BRUSSELS,
    MANDATED_ON,
    People,
    made_title,
    mandated_title,
    new_id,
    office_with_bailiff,
    record_act,
    transmitted_title,
)

ENDED_AT = datetime(2026, 9, 30, 15, tzinfo=BRUSSELS)
Users = Callable[..., User]
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


def sees(user: User) -> set[object]:
    with acting_as(user.pk):
        return set(mandated_files(current_actor()).values_list("pk", flat=True))


@pytest.mark.obligation("17/006 §6")
def test_the_bailiff_of_the_office_sees_the_file_and_the_sibling_office_does_not(
    staff: People, make_user: Users, security_log: Callable[..., list[dict[str, object]]]
) -> None:
    _office, sibling = office_with_bailiff(make_user, "Étude Maes", given_name="Iris", family_name="Maes")
    own = mandated_title(staff)
    theirs = mandated_title(staff, office=_office)
    assert sees(staff.bailiff) == {own.file_id}
    assert sees(sibling) == {theirs.file_id}
    with pytest.raises(Refused) as refused, acting_as(sibling.pk):
        get_mandated_file(own.file_id)
    assert refused.value.hidden
    assert [row["file"] for row in security_log(kind="DENY")] == [own.file_id]


@pytest.mark.obligation("17/006 §6")
@pytest.mark.parametrize("action", ["hand_back", "close"])
def test_the_file_is_gone_at_once_when_the_mandate_ends(staff: People, action: str) -> None:
    mandate = mandated_title(staff)
    with acting_as(staff.bailiff.pk):
        end_mandate(mandate=mandate, action=action, reason="done", at=ENDED_AT)
    assert sees(staff.bailiff) == set()
    assert not MandatePermission.objects.exists()


def test_the_file_names_the_office_at_work_only_while_its_mandate_runs(staff: People) -> None:
    mandate = mandated_title(staff)
    roles = []
    for _time in ("running", "ended"):
        with acting_as(staff.directorate.pk):
            bar = identity(get_file(mandate.file_id))
        assert "officer" not in bar
        roles.append({str(person["role"]): person["name"] for person in bar["people"]})
        if _time == "running":
            with acting_as(staff.bailiff.pk):
                end_mandate(mandate=mandate, action="close", reason="done", at=ENDED_AT)
    running, ended = roles
    assert running.pop("Huissier de justice") == mandate.office.name
    assert running == ended == {"Débiteur": str(mandate.file.employer)}


def test_permission_alone_and_mandate_alone_open_nothing(staff: People) -> None:
    mandate = mandated_title(staff)
    MandatePermission.objects.all().delete()
    assert sees(staff.bailiff) == set()
    assert Mandate.objects.get(pk=mandate.pk).state == MandateState.RUNNING


def test_the_database_refuses_a_permission_without_a_running_mandate(staff: People, make_user: Users) -> None:
    _office, stranger = office_with_bailiff(make_user, "Étude Maes")
    mandate = mandated_title(staff)
    permission = Permission.objects.get(codename="work_under_mandate")
    for user in (stranger, staff.clerk):
        with pytest.raises(IntegrityError, match="no running mandate"), transaction.atomic():
            MandatePermission.objects.create(user=user, permission=permission, content_object=mandate.file)


def test_whoever_leaves_the_office_loses_its_files_and_gets_none_back_by_returning(
    staff: People, make_user: Users
) -> None:
    office, _bailiff = office_with_bailiff(make_user, "Étude Maes")
    mandated_title(staff)
    bailiff = User.objects.get(pk=staff.bailiff.pk)
    for place in (office, staff.office):
        bailiff.office = place
        bailiff.save()
    assert sees(bailiff) == set()


def test_a_bailiff_who_is_no_longer_active_loses_every_permission(staff: People) -> None:
    mandated_title(staff)
    staff.bailiff.is_active = False
    staff.bailiff.save()
    assert not MandatePermission.objects.exists()


def test_a_bailiff_who_joins_shares_the_running_mandates(staff: People, make_user: Users) -> None:
    mandate = mandated_title(staff)
    newcomer = make_user(Role.BAILIFF, given_name="Ella")
    newcomer.office = staff.office
    newcomer.save()
    assert sees(newcomer) == set()
    with service_work("enforcement"):
        assert admit_bailiff(newcomer, on=MANDATED_ON) == 1
    assert sees(newcomer) == {mandate.file_id}


def test_the_keeper_of_the_register_grants_the_role_and_a_job_admits_the_bailiff(
    staff: People, make_user: Users
) -> None:
    """Whoever keeps the register sees no mandate, so cannot admit anybody by themselves."""
    mandate = mandated_title(staff)
    newcomer = make_user(Role.REGISTRAR, given_name="Ella")
    change(newcomer.appointments.get(), valid_until=YESTERDAY)
    change(newcomer.roles.get(), valid_until=YESTERDAY)
    with acting_as(staff.user_registrar.pk):
        appointment = users.appoint(
            user_id=newcomer.pk,
            plane=Plane.PORTAL,
            section=staff.office.arrondissement,
            office_id=staff.office.pk,
            valid_from=TODAY,
        )
        users.grant_role(appointment_id=appointment.pk, role=Role.BAILIFF, valid_from=TODAY)
    assert not MandatePermission.objects.filter(user=newcomer).exists()
    (job,) = Job.objects.filter(kind="mandates.admit")
    jobs.run(job.pk)
    with service_work("appointments"):
        users.place_staff(on=TODAY)
    told = Job.objects.filter(kind="mandates.admit", period__startswith=str(newcomer.pk))
    assert told.get() == job, "told of every night, admitted once"
    assert sees(User.objects.get(pk=newcomer.pk)) == {mandate.file_id}


def test_a_title_has_one_running_mandate(staff: People, make_user: Users) -> None:
    mandate = mandated_title(staff)
    other, _bailiff = office_with_bailiff(make_user, "Étude Maes")
    with acting_as(staff.operator.pk), pytest.raises(RecoveryError) as refused:
        give_mandate(title_id=mandate.title_id, file_id=mandate.file_id, office=other, on=MANDATED_ON)
    assert refused.value.code == "recovery.already_mandated"
    with pytest.raises(IntegrityError, match="one_running_mandate"), transaction.atomic():
        Mandate.objects.create(
            title=mandate.title, file=mandate.file, office=other, given_on=MANDATED_ON, given_by=new_id()
        )


def test_a_title_that_was_handed_back_goes_to_another_office(staff: People, make_user: Users) -> None:
    mandate = mandated_title(staff)
    other, bailiff = office_with_bailiff(make_user, "Étude Maes")
    with acting_as(staff.bailiff.pk):
        end_mandate(mandate=mandate, action="hand_back", reason="outside_arrondissement", at=ENDED_AT)
    assert Title.objects.get(pk=mandate.title_id).state == TitleState.TRANSMITTED
    with acting_as(staff.operator.pk):
        give_mandate(title_id=mandate.title_id, file_id=mandate.file_id, office=other, on=date(2026, 10, 1))
    assert sees(bailiff) == {mandate.file_id}


def test_a_title_not_transmitted_is_hidden_from_the_operator(staff: People) -> None:
    title = made_title(staff)
    with pytest.raises(Refused) as refused, acting_as(staff.operator.pk):
        give_mandate(title_id=title.pk, file_id=title.file_id, office=staff.office, on=MANDATED_ON)
    assert refused.value.hidden
    assert not Mandate.objects.exists()


def test_an_office_without_a_bailiff_receives_nothing(staff: People) -> None:
    title = transmitted_title(staff)
    staff.bailiff.is_active = False
    staff.bailiff.save()
    with acting_as(staff.operator.pk), pytest.raises(RecoveryError) as refused:
        give_mandate(title_id=title.pk, file_id=title.file_id, office=staff.office, on=MANDATED_ON)
    assert refused.value.code == "recovery.office_without_bailiff"


def test_an_ended_mandate_stays_ended_and_takes_no_act(staff: People) -> None:
    mandate = mandated_title(staff)
    with acting_as(staff.bailiff.pk):
        ended = end_mandate(mandate=mandate, action="close", reason="done", at=ENDED_AT)
    with pytest.raises(IntegrityError, match="ends once"), transaction.atomic():
        ended.state, ended.ended_at, ended.end_reason = MandateState.RUNNING, None, ""
        ended.save()
    with pytest.raises(IntegrityError, match="mandate has ended"), transaction.atomic():
        record_act(staff, ended, ActKind.OTHER, at=ENDED_AT)


@pytest.mark.obligation("17/006 §7")
def test_a_file_does_not_end_while_a_mandate_runs(staff: People) -> None:
    file = RecoveryFile.objects.get(pk=mandated_title(staff).file_id)
    file.outcome, file.outcome_on, file.ended_on = Outcome.PAID, date(2026, 9, 1), date(2026, 9, 30)
    with pytest.raises(IntegrityError), transaction.atomic():
        file.save()


def test_a_mandate_and_a_title_belong_to_one_file(staff: People) -> None:
    title, other = transmitted_title(staff), transmitted_title(staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(
            title=title, file=other.file, office=staff.office, given_on=MANDATED_ON, given_by=new_id()
        )


def test_the_door_of_the_offices_is_closed_to_bailiffs(staff: People) -> None:
    mandate = mandated_title(staff)
    with pytest.raises(Refused), acting_as(staff.bailiff.pk):
        get_file(mandate.file_id)
