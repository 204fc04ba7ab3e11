"""What the database itself refuses of a debt, a notice, a roll, a title, an act, whatever wrote it."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.recovery.stories import People, served_title

REFUSED = [
    ("contributions_positive", "UPDATE arrears_debt SET contributions = 0"),
    ("due_after_quarter", "UPDATE arrears_debt SET due_on = quarter"),
    ("quarter_begins_a_quarter", "UPDATE arrears_debt SET quarter = '2026-02-01'"),
    (
        "one_debt_a_quarter_and_origin",
        "INSERT INTO arrears_debt (id, file_id, quarter, origin, contributions, due_on, recorded_on,"
        " recorded_by) SELECT gen_random_uuid(), file_id, quarter, origin, 1, due_on, recorded_on,"
        " recorded_by FROM arrears_debt",
    ),
    (
        "charge_positive",
        "INSERT INTO arrears_debtcharge (id, debt_id, head, claim_id, amount, explanation)"
        " SELECT gen_random_uuid(), debt_id, head, claim_id, 0, '{}' FROM arrears_debtcharge"
        " WHERE head = 'social'",
    ),
    (
        "interest_has_its_end",
        "INSERT INTO arrears_debtcharge (id, debt_id, head, claim_id, amount, explanation)"
        " SELECT gen_random_uuid(), debt_id, 'interest', claim_id, 1, '{}' FROM arrears_debtcharge"
        " WHERE head = 'social'",
    ),
    ("month_of_notice_whole", "UPDATE arrears_formalnotice SET first_day = sent_on"),
    ("notice_line_positive", "UPDATE arrears_noticeline SET amount = 0"),
    (
        "charge_once_a_notice",
        "INSERT INTO arrears_noticeline (id, notice_id, charge_id, amount)"
        " SELECT gen_random_uuid(), notice_id, charge_id, 1 FROM arrears_noticeline",
    ),
    ("delegation_in_order", "UPDATE arrears_delegation SET from_on = decided_on - 1"),
    (
        "delegation_gives_something",
        "UPDATE arrears_delegation SET signs_rolls = false, issues_constraints = false",
    ),
    ("nobody_records_their_delegation", "UPDATE arrears_delegation SET recorded_by = delegate_id"),
    (
        "enforceable_roll_is_signed_under_delegation",
        "INSERT INTO arrears_specialroll (id, file_id, number, state, drawn_on, drawn_by_id, enforceable_on,"
        " annulled_text, explanation) SELECT gen_random_uuid(), file_id, 'RS-0', 'drawn', drawn_on,"
        " drawn_by_id, drawn_on, false, '{}' FROM arrears_specialroll",
    ),
    ("outcome_has_its_day", "UPDATE recovery_cases_recoveryfile SET outcome_on = opened_on"),
    (
        "served_title_has_its_moment",
        "UPDATE recovery_cases_title SET opposition_until = NULL",
    ),
    ("state_says_whether_served", "UPDATE recovery_cases_title SET state = 'mandated'"),
    ("opposition_follows_service", "UPDATE recovery_cases_title SET opposition_decided_on = issued_on"),
    ("ended_mandate_has_its_moment", "UPDATE recovery_cases_mandate SET state = 'closed'"),
    (
        "act_sums_not_negative",
        "INSERT INTO recovery_cases_act (id, mandate_id, title_id, file_id, kind, acted_at, place, mode,"
        " costs, recorded_by, recorded_at) SELECT gen_random_uuid(), mandate_id, title_id, file_id, kind,"
        " acted_at, place, mode, -1, recorded_by, recorded_at FROM recovery_cases_act",
    ),
    (
        "service_says_how",
        "INSERT INTO recovery_cases_act (id, mandate_id, title_id, file_id, kind, acted_at, place, mode,"
        " costs, recorded_by, recorded_at) SELECT gen_random_uuid(), mandate_id, title_id, file_id, kind,"
        " acted_at, place, '', 0, recorded_by, recorded_at FROM recovery_cases_act",
    ),
    ("only_natural_persons_are_born", "UPDATE people_employer SET birth_date = '1980-01-01'"),
    ("employer_has_a_number", "UPDATE people_employer SET enterprise_number_bi = NULL"),
]


@pytest.mark.parametrize(("constraint", "statement"), REFUSED, ids=[name for name, _ in REFUSED])
def test_the_database_refuses_what_cannot_be(staff: People, constraint: str, statement: str) -> None:
    served_title(staff)
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
