"""Which data the portal holds and shows, each for the reason that the law and the deliberation name.

17/006 §6 and art. 40 §8, 3rd (letters a to i) of the law of 27 June 1969. The portal's database user may
read and write nothing outside this list: a test compares it with what the database grants.
"""

PARTIES = "a: identity of the parties"
TITLES = "b: titles"
DEEDS = "c: deeds of the bailiff"
ACT_DATA = "e: what the Judicial Code requires of an act"
DEBTS = "f: amount and nature of the debts"
EXCHANGES = "g: exchanges of the execution"
ROW = "the row itself: keys, encryption, place in the file"
WORK = "who may work on it, and who did what"

FIELDS: dict[str, dict[str, str]] = {
    "people_employer": {
        ROW: "id key_id created_at search_name enterprise_number_bi onss_number_bi niss_bi",
        PARTIES: "kind name legal_form enterprise_number onss_number niss birth_date address arrondissement"
        " language",
    },
    "recovery_cases_recoveryfile": {
        ROW: "id key_id employer_id book_id",
        PARTIES: "language",
        EXCHANGES: "number opened_on outcome outcome_on ended_on",
    },
    "recovery_cases_title": {
        ROW: "id file_id",
        TITLES: "number kind roll issued_on issued_by court state",
        DEBTS: "sums",
        DEEDS: "served_at",
        EXCHANGES: "opposition_until opposed_on opposition_decided_on",
    },
    "recovery_cases_mandate": {
        ROW: "id title_id file_id",
        WORK: "office_id given_on given_by state ended_at end_reason",
    },
    "recovery_cases_mandatepermission": {ROW: "id", WORK: "user_id permission_id content_object_id"},
    "recovery_cases_act": {
        ROW: "id mandate_id title_id file_id",
        DEEDS: "kind acted_at note rectifies_id",
        ACT_DATA: "place mode amount costs",
        WORK: "recorded_by recorded_at",
    },
    "recovery_cases_document": {
        ROW: "id file_id title_id act_id media_type sha256 size",
        TITLES: "kind name content made_on",
        WORK: "by",
    },
    "recovery_cases_fileevent": {
        ROW: "id file_id",
        EXCHANGES: "kind code params happened_on",
        WORK: "at actor actor_name",
    },
    "ledger_book": {ROW: "id kind", DEBTS: "number ogm opened_on last_entry"},
    "ledger_claim": {
        ROW: "id book_id",
        DEBTS: "head rank owner period beneficiary_id due_on limitation_on",
    },
    "ledger_journalentry": {
        ROW: "id book_id",
        DEBTS: "number kind booked_on value_on reverses_id source turn",
        WORK: "actor created_at",
    },
    "ledger_posting": {ROW: "id entry_id book_id", DEBTS: "account claim_id amount"},
    "data_key": {ROW: "id purpose wrapped kek_version created_at"},
    "portal_collectedpayment": {
        ROW: "id file_id title_id mandate_id",
        DEBTS: "amount received_on quarter",
        ACT_DATA: "way",
        WORK: "recorded_by recorded_at booked_at",
    },
    "portal_followup": {ROW: "id mandate_id title_id act_id", WORK: "asked_at done_at"},
    "portal_judgeleave": {ROW: "act_id title_id", ACT_DATA: "given_on"},
    "access_user": {
        WORK: "id subject given_name family_name language section niss_bi employer_bi is_active office_id"
        " is_superuser last_login password"
    },
    "access_appointment": {
        WORK: "id user_id plane section office_id valid_from valid_until entered_by_id entered_at ended_at"
        " ended_by end_reason"
    },
    "access_charge": {
        WORK: "id user_id mission decision valid_from valid_until entered_by_id entered_at ended_at ended_by"
        " end_reason"
    },
    "access_userrole": {
        WORK: "id user_id appointment_id role plane valid_from valid_until entered_by_id entered_at ended_at"
        " ended_by end_reason"
    },
    "access_commitment": {
        ROW: "id",
        WORK: "user_id kind version language text_digest given_at acr session_digest",
    },
    "access_office": {WORK: "id name arrondissement language iban is_active"},
}
"""Table -> why the portal may have them -> columns."""

HISTORY = {
    "recovery_cases_historicaltitle": "recovery_cases_title",
    "recovery_cases_historicalmandate": "recovery_cases_mandate",
}
"""History tables into which it writes a line, with the table that they follow."""

HISTORY_FIELDS = {"history_id", "history_date", "history_change_reason", "history_type", "history_user_id"}


def columns_of(table: str) -> set[str]:
    """The columns of a table that are on the list; none for a table that is not."""
    listed = {name for names in FIELDS.get(HISTORY.get(table, table), {}).values() for name in names.split()}
    return listed | (HISTORY_FIELDS if table in HISTORY else set())
