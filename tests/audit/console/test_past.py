"""History as differences: what was and what is, who and when; sealed values never opened."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.console import past
from audit.log.reading import Why
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.access.services import users
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile, Beneficiary
from tests import stories
from tests.changing import change

pytestmark = pytest.mark.django_db
Log = Callable[..., list[dict[str, Any]]]
MakeUser = Callable[..., User]
WHY = Why("complaint", "DPO-2026-014")


@pytest.fixture
def dpo(make_user: MakeUser) -> User:
    return make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dirk", family_name="Pauwels", section="")


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    file = stories.register_file(registrar=registrar, officer=officer)
    with acting_as(officer.pk):
        debtor = file.debtor
        debtor.family_name = "Maes-Claes"
        debtor.seal_value("address", "Rue du Progrès 50, 1210 Bruxelles")
        debtor.save()
        row = Beneficiary.objects.get(title__file=file)
        row.monthly_amount = Decimal("245.00")
        row.save()
    return file


def lines(seen: past.Past | None) -> set[tuple[str, str | None, str | None]]:
    assert seen is not None
    return {(line.label, line.old, line.new) for each in seen.changes for line in each.differences}


@pytest.mark.obligation("12/057 §25")
def test_each_change_is_shown_as_what_was_and_what_is(file: AlimonyFile, dpo: User) -> None:
    with acting_as(dpo.pk):
        seen = past.of_unit(file.number, why=WHY)
    told = lines(seen)
    assert ("nom", "Maes", "Maes-Claes") in told
    assert ("adresse", "•••", "•••, modifié") in told
    assert ("montant par mois", "220,00", "245,00") in told
    assert ("numéro", None, file.number) in told
    assert seen is not None
    (renamed,) = [
        each for each in seen.changes if ("nom", "Maes") in {(x.label, x.old) for x in each.differences}
    ]
    assert (renamed.by, str(renamed.kind)) == ("Luc Dubois", "modifié")
    assert [each.at for each in seen.changes] == sorted((each.at for each in seen.changes), reverse=True)


def test_no_sealed_value_and_no_index_of_one_is_shown(
    file: AlimonyFile, dpo: User, client_for: Callable[[User], Client]
) -> None:
    niss = file.debtor.open_value("niss")
    answer = client_for(dpo).post(
        reverse("console:history"), {"number": file.number, "why": "complaint", "reference": ""}
    )
    text = answer.content.decode()
    assert "Maes-Claes" in text and "<ins>" in text and "<del>" in text
    for secret in (niss, "Progrès", "Rue de la Loi", stories.IBAN, bytes(file.debtor.niss_bi or b"").hex()):
        assert secret not in text, secret
    assert "Rue de la Loi" not in str(past.of_unit)


def test_the_read_is_logged_about_the_file_and_each_person_in_it(
    file: AlimonyFile, dpo: User, security_log: Log
) -> None:
    with acting_as(dpo.pk):
        past.of_unit(file.number, why=WHY)
    rows = security_log(act="log.history", actor=dpo.pk)
    child = Beneficiary.objects.get(title__file=file).child_id
    assert {row["subject"] for row in rows} == {None, file.creditor_id, file.debtor_id, child}
    assert {(row["purpose"], tuple(row["fields"])) for row in rows} == {("complaint", ("history",))}


def test_a_number_of_nothing_shows_and_logs_nothing(dpo: User, security_log: Log) -> None:
    with acting_as(dpo.pk):
        assert past.of_unit("SECAL-1999-000001", why=WHY) is None
    assert not security_log(act="log.history")


def test_history_costs_no_more_queries_for_more_changes(
    file: AlimonyFile, dpo: User, officer: User, django_assert_max_num_queries: Any
) -> None:
    costs = []
    for times in (1, 10):
        with acting_as(officer.pk):
            for number in range(times):
                change(file.debtor, given_name=f"Tom{number}")
        with acting_as(dpo.pk), django_assert_max_num_queries(80) as seen:
            past.of_unit(file.number, why=WHY)
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_changes_of_users_and_roles_name_who_made_them(
    dpo: User, make_user: MakeUser, client_for: Callable[[User], Client], security_log: Log
) -> None:
    keeper = make_user(Role.USER_REGISTRAR, given_name="Ugo", family_name="Rossi")
    officer = make_user(Role.CASE_OFFICER, given_name="Luc", family_name="Dubois")
    with acting_as(keeper.pk):
        change(officer, section="Namur")
        users.end_right(officer.roles.get(), reason="moved")
        Office.objects.create(name="Étude Moreau", arrondissement="namur")
    page = client_for(dpo).get(reverse("console:configuration")).content.decode()
    for text in (
        "Ugo Rossi",
        "Luc Dubois",
        "<del>Bruxelles</del>",
        "<ins>Namur</ins>",
        "Étude Moreau",
        "<ins>moved</ins>",
    ):
        assert text in page, text
    assert security_log(act="log.history", actor=dpo.pk, purpose="configuration")
