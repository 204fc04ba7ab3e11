"""The register's screens: who is shown, how a person is entered and appointed, how a right ends."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from secal.access.models import Appointment, Charge, Office, User, UserRole
from secal.access.roles import Mission, Plane, Role
from secal.people.identifiers import niss_index
from tests.conftest import also

MakeUser = Callable[..., User]
ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]
NISS = "71031299857"
INDEX, NEW = "register:index", "register:new"
TODAY = timezone.localdate()
SHOWN_TODAY = TODAY.strftime("%d/%m/%Y")
SHOWN_YESTERDAY = (TODAY - timedelta(days=1)).strftime("%d/%m/%Y")
PERSON = {
    "given_name": "Koen",
    "family_name": "Baert",
    "niss": "71.03.12-998.57",
    "subject": "federal-77",
    "language": "nl",
}
APPOINTMENT = {
    "plane": "casework",
    "section": "Namur",
    "new_section": "on",
    "roles": ["case_officer", "approver"],
    "missions": ["advances"],
    "decision": "2026/114",
    "valid_from": SHOWN_TODAY,
    "valid_until": "",
}


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    text: str = answer.content.decode()
    return text


def newcomer(name: str = "Baert") -> User:
    made: User = User.objects.create(
        subject=f"new-{name}", given_name="Koen", family_name=name, section="", language="nl"
    )
    return made


def rights() -> list[tuple[Any, ...]]:
    return [
        row for model in (Appointment, UserRole, Charge) for row in model.objects.order_by("pk").values_list()
    ]


# --- the list ------------------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §16.1")
def test_the_register_says_who_works_where_as_what_charged_with_what_and_until_when(
    desk: Client, officer: User, security_log: Log, keeper: User
) -> None:
    page = text_of(desk.get(reverse(INDEX)))
    for word in (
        "Dubois Luc",
        "Traitement",
        "Bruxelles",
        "Gestionnaire de dossiers",
        "octroi et récupération",
    ):
        assert word in page, word
    assert "sans terme" in page
    assert "en session" in page, "the keeper is logged in"
    assert security_log(kind="READ", act="register.view", actor=keeper.pk)


@pytest.mark.obligation("17/006 §16.1")
def test_every_name_that_a_page_of_the_register_shows_is_a_line_of_the_log(
    desk: Client, officer: User, keeper: User, security_log: Log
) -> None:
    def told(name: str, *key: Any) -> list[Any]:
        before = len(security_log(kind="READ", act="register.view", actor=keeper.pk))
        assert "Dubois" in text_of(desk.get(reverse(name, args=key)))
        rows = security_log(kind="READ", act="register.view", actor=keeper.pk)
        return [row["subject"] for row in rows[before:]]

    assert set(told(INDEX)) == {officer.pk, keeper.pk}
    for name, key in (
        ("register:appoint", officer.pk),
        ("register:grant", officer.pk),
        ("register:charge", officer.pk),
        ("register:suspend", officer.pk),
        ("register:end_appointment", officer.appointments.get().pk),
        ("register:end_role", officer.roles.get().pk),
        ("register:end_charge", officer.charges.first().pk),
    ):
        assert told(name, key) == [officer.pk], name


def test_the_list_is_filtered_by_plane_and_by_who_has_no_appointment(
    desk: Client, officer: User, registrar: User
) -> None:
    newcomer()
    casework = text_of(desk.get(reverse(INDEX), {"domaine": "casework"}))
    assert "Dubois" in casework and "Claes" not in casework and "Baert" not in casework
    without = text_of(desk.get(reverse(INDEX), {"etat": "sans-designation"}))
    assert "Baert" in without and "Dubois" not in without
    everybody = text_of(desk.get(reverse(INDEX), {"etat": "tous", "domaine": "nonsense"}))
    assert all(name in everybody for name in ("Baert", "Dubois", "Claes"))


def test_a_name_is_looked_for_in_the_body_of_the_request_only(
    desk: Client, officer: User, registrar: User
) -> None:
    page = text_of(desk.post(reverse(INDEX), {"nom": "luc dub\x00"}))
    assert "Dubois Luc" in page and "Claes" not in page
    assert "Personne" in text_of(desk.post(reverse(INDEX), {"nom": ""}))
    assert "Dubois Luc" in text_of(desk.get(reverse(INDEX), {"nom": "Claes"})), "an address says no name"


@pytest.mark.parametrize("name", [INDEX, "register:matrix", "register:sessions"])
def test_a_page_costs_the_same_for_one_person_and_for_a_hundred(
    name: str, coordinator: User, client_for: ClientFor, make_user: MakeUser
) -> None:
    watch, counts = client_for(coordinator), []
    make_user(Role.CASE_OFFICER, family_name="A")
    for wanted in (1, 10, 100):
        while User.objects.count() < wanted + 1:
            made = make_user(Role.CASE_OFFICER, family_name=f"B{User.objects.count()}")
            client_for(made)
        watch.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert watch.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


# --- a new person --------------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §16.1")
def test_a_person_is_entered_by_number_which_is_an_index_at_once(
    desk: Client, keeper: User, security_log: Log
) -> None:
    answer = desk.post(reverse(NEW), PERSON)
    user = User.objects.get(subject="federal-77")
    assert answer["Location"] == reverse("register:entry", args=[user.pk])
    assert bytes(user.niss_bi) == niss_index(NISS)
    page = text_of(desk.get(answer["Location"]))
    assert "sans aucun droit" in page
    assert "federal-77" not in page, "nor is the federal identifier shown"
    (row,) = security_log(act="user.register", subject=user.pk)
    assert NISS not in str(row)


@pytest.mark.parametrize("typed", ["71.03.12-998.58", "71031299", "7103129985A"])
def test_a_number_that_was_typed_is_never_shown_back_nor_named_in_its_error(typed: str, desk: Client) -> None:
    page = text_of(desk.post(reverse(NEW), {**PERSON, "niss": typed}))
    assert "n’est pas un numéro de registre national" in page
    assert "Koen" in page, "the other answers are kept"
    assert typed not in page and typed.replace(".", "").replace("-", "") not in page
    page = text_of(desk.post(reverse(NEW), {**PERSON, "given_name": ""}))
    assert PERSON["niss"] not in page and NISS not in page
    assert not User.objects.filter(subject="federal-77").exists()


def test_somebody_who_is_known_is_refused_in_the_same_words_whatever_was_known(desk: Client) -> None:
    desk.post(reverse(NEW), PERSON)
    by_number = text_of(desk.post(reverse(NEW), {**PERSON, "subject": "federal-78"}))
    by_subject = text_of(desk.post(reverse(NEW), {**PERSON, "niss": "68052199829"}))
    words = "Cette personne, ou cet identifiant fédéral, est déjà au registre."
    assert words in by_number and words in by_subject
    assert User.objects.filter(family_name="Baert").count() == 1
    assert NISS not in by_number


# --- appointing ----------------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §16.1", "12/057 §7")
def test_one_page_appoints_with_roles_missions_and_days(desk: Client, keeper: User) -> None:
    user = newcomer()
    answer = desk.post(reverse("register:appoint", args=[user.pk]), APPOINTMENT)
    assert answer.status_code == 302, answer.content.decode()
    appointment = user.appointments.get()
    assert (appointment.plane, appointment.section, appointment.entered_by_id) == (
        Plane.CASEWORK,
        "Namur",
        keeper.pk,
    )
    assert set(user.roles.values_list("role", flat=True)) == {Role.CASE_OFFICER, Role.APPROVER}
    assert list(user.charges.values_list("mission", "decision")) == [(Mission.ADVANCES, "2026/114")]
    page = text_of(desk.get(answer["Location"]))
    assert "Bart Goossens" in page and "note 2026/114" in page


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"roles": ["case_officer", "registrar"]}, "roles", "est un rôle du domaine « Enregistrement »"),
        ({"roles": []}, "roles", "Cochez au moins un rôle"),
        ({"plane": ""}, "plane", "Choisissez le domaine"),
        ({"plane": "oversight", "roles": ["dpo"]}, "plane", "oversight"),
        ({"section": " "}, "section", "Indiquez la section"),
        ({"decision": ""}, "decision", "Indiquez la note"),
        ({"plane": "registration", "roles": ["registrar"]}, "missions", "n’a pas de mission"),
        ({"plane": "portal", "roles": ["bailiff"], "missions": []}, "office", "Choisissez l’étude"),
        ({"valid_from": "31/02/2026"}, "valid_from", "« 31/02/2026 » n’est pas une date"),
        (
            {"valid_from": "10/12/2099", "valid_until": "01/12/2099"},
            "valid_until",
            "du 10/12/2099 au 01/12/2099",
        ),
        ({"valid_from": SHOWN_YESTERDAY}, "valid_from", f"Lu : le {SHOWN_YESTERDAY}, un jour passé"),
        ({"valid_from": SHOWN_YESTERDAY}, "valid_from", f"indiquez le {SHOWN_TODAY} ou un jour suivant"),
    ],
)
def test_an_error_names_its_field_what_was_understood_and_the_remedy(
    changed: dict[str, Any], field: str, says: str, desk: Client
) -> None:
    user = newcomer()
    page = text_of(desk.post(reverse("register:appoint", args=[user.pk]), {**APPOINTMENT, **changed}))
    assert says in page
    assert f'href="#id_{field}' in page
    assert not Appointment.objects.filter(user=user).exists()


def test_a_section_is_one_that_exists_in_its_one_spelling_or_is_said_to_be_new(
    desk: Client, officer: User
) -> None:
    user = newcomer()
    address = reverse("register:appoint", args=[user.pk])
    filled = {**APPOINTMENT, "section": "Bruxele", "new_section": ""}
    page = text_of(desk.post(address, filled), 200)
    assert "Lu : « Bruxele »" in page and "Sections connues : Bruxelles" in page
    assert not user.appointments.exists()
    assert desk.post(address, {**filled, "section": " bruxelles "}).status_code == 302
    assert user.appointments.get().section == "Bruxelles"


def test_a_bailiff_is_appointed_to_an_office_and_works_where_it_is(desk: Client) -> None:
    user = newcomer()
    office = Office.objects.create(name="Étude Moreau", arrondissement="bruxelles")
    wanted = {
        **APPOINTMENT,
        "plane": "portal",
        "roles": ["bailiff"],
        "missions": [],
        "office": str(office.pk),
    }
    assert desk.post(reverse("register:appoint", args=[user.pk]), wanted).status_code == 302
    user.refresh_from_db()
    assert (user.office, user.section) == (office, "bruxelles")


def test_when_a_part_of_an_appointment_cannot_be_nothing_of_it_is(desk: Client, officer: User) -> None:
    """The mission is held already: neither the appointment nor its roles stay."""
    change = reverse("register:end_appointment", args=[officer.appointments.get().pk])
    user = newcomer()
    Charge.objects.create(user=user, mission=Mission.ADVANCES, decision="2019/1", valid_from=TODAY)
    page = text_of(desk.post(reverse("register:appoint", args=[user.pk]), APPOINTMENT))
    assert "touchent un droit déjà inscrit" in page
    assert not user.appointments.exists() and not user.roles.exists()
    assert change


def test_a_role_and_a_mission_are_added_to_an_appointment(desk: Client, make_user: MakeUser) -> None:
    officer = make_user(Role.CASE_OFFICER, family_name="Dubois")
    officer_charges = officer.charges.count()
    page = text_of(desk.get(reverse("register:grant", args=[officer.pk])))
    assert "Second signataire" in page and "Agent d’enregistrement" not in page, "of the same plane only"
    days = {"valid_from": SHOWN_TODAY, "valid_until": ""}
    answer = desk.post(reverse("register:grant", args=[officer.pk]), {"role": "approver", **days})
    assert answer.status_code == 302
    assert officer.roles.filter(role=Role.APPROVER).exists()
    again = text_of(desk.post(reverse("register:grant", args=[officer.pk]), {"role": "approver", **days}))
    assert "touchent un droit déjà inscrit" in again
    charged = {"mission": "arrears", "decision": "2026/9", **days}
    page = text_of(desk.post(reverse("register:charge", args=[officer.pk]), charged))
    assert "touchent un droit déjà inscrit" in page
    assert officer.charges.count() == officer_charges


def test_nothing_is_added_to_somebody_without_an_appointment(desk: Client) -> None:
    user = newcomer()
    for name in ("register:grant", "register:charge"):
        assert desk.get(reverse(name, args=[user.pk])).status_code == 404


# --- ending --------------------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §16.1")
def test_a_right_ends_with_its_reason_and_the_page_tells_by_whom(desk: Client, officer: User) -> None:
    role = also(officer, Role.APPROVER)
    address = reverse("register:end_role", args=[role.pk])
    assert "Second signataire" in text_of(desk.get(address))
    assert "Dites pourquoi" in text_of(desk.post(address, {}))
    assert "Dites pourquoi" not in text_of(desk.get(address))
    assert desk.post(address, {"reason": "task_over"}).status_code == 302
    page = text_of(desk.get(reverse("register:entry", args=[officer.pk])))
    assert "Fin : Second signataire" in page
    assert "La tâche ou le remplacement est terminé" in page
    assert "Bart Goossens" in page
    assert "Ce droit a déjà pris fin." in text_of(desk.post(address, {"reason": "moved"}))


@pytest.mark.obligation("17/006 §21")
def test_suspending_takes_one_page_and_everything_ends(
    desk: Client, officer: User, other_officer: User, client_for: ClientFor
) -> None:
    browser = client_for(officer)
    address = reverse("register:suspend", args=[officer.pk])
    assert address in text_of(desk.get(reverse("register:entry", args=[officer.pk])))
    assert desk.post(address, {"reason": "incident"}).status_code == 302
    assert browser.get(reverse("office:law")).status_code == 302
    page = text_of(desk.get(reverse("register:entry", args=[officer.pk])))
    assert "suspendu" in page and "Incident de sécurité" in page
    assert address not in page
    assert other_officer.roles.filter(ended_at=None).exists()


def test_who_never_had_an_appointment_has_nothing_that_a_suspension_ends(desk: Client, keeper: User) -> None:
    user = newcomer()
    today = timezone.localdate()
    taken_back = {
        "entered_by": keeper,
        "ended_at": timezone.now(),
        "ended_by": keeper.pk,
        "end_reason": "moved",
    }
    later = today + timedelta(days=30)
    Appointment.objects.create(
        user=user, plane=Plane.CASEWORK, section="Namur", valid_from=later, valid_until=later, **taken_back
    )
    answer = desk.post(reverse("register:suspend", args=[user.pk]), {"reason": "incident"})
    assert "Rien à suspendre" in text_of(answer)
    assert User.objects.get(pk=user.pk).is_active


# --- what is refused -----------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §16.1")
def test_nobody_sees_buttons_on_their_own_entry_nor_passes_by_them(
    desk: Client, keeper: User, officer: User, security_log: Log
) -> None:
    page = text_of(desk.get(reverse("register:entry", args=[keeper.pk])))
    assert "C’est votre propre inscription" in page
    assert "/terminer/" not in page and "/designer/" not in page and "/suspendre/" not in page
    assert "/terminer/" in text_of(desk.get(reverse("register:entry", args=[officer.pk])))
    before = rights()
    own_role = keeper.roles.get()
    posts = (
        (
            "register:appoint",
            keeper.pk,
            APPOINTMENT,
        ),
        ("register:suspend", keeper.pk, {"reason": "left"}),
        ("register:end_role", own_role.pk, {"reason": "moved"}),
        ("register:end_appointment", own_role.appointment_id, {"reason": "moved"}),
    )
    for name, key, data in posts:
        assert "C’est votre propre inscription" in text_of(desk.get(reverse(name, args=[key]))), name
        refusal = text_of(desk.post(reverse(name, args=[key]), data), 403)
        assert "Nul ne change sa propre inscription" in refusal
        assert "Un autre gestionnaire des utilisateurs" in refusal
    assert rights() == before
    assert len(security_log(kind="DENY", reason="own_entry", actor=keeper.pk)) == len(posts)


@pytest.mark.obligation("17/006 §16.1")
def test_each_keeper_is_offered_only_the_planes_they_keep(
    desk: Client,
    watch: Client,
    officer: User,
    keeper: User,
    dpo: User,
    client_for: ClientFor,
    security_log: Log,
) -> None:
    user = newcomer()
    address = reverse("register:appoint", args=[user.pk])
    mine, theirs = text_of(desk.get(address)), text_of(watch.get(address))
    assert 'value="casework"' in mine and 'value="user_administration"' not in mine
    assert 'value="user_administration"' in theirs and 'value="casework"' not in theirs
    assert "/terminer/" not in text_of(watch.get(reverse("register:entry", args=[officer.pk])))
    assert "/terminer/" in text_of(watch.get(reverse("register:entry", args=[keeper.pk])))
    before = rights()
    refusal = text_of(
        watch.post(reverse("register:end_role", args=[officer.roles.get().pk]), {"reason": "moved"}), 403
    )
    assert "Ce domaine n’est pas de votre ressort" in refusal
    other = reverse("register:entry", args=[user.pk])
    page = text_of(client_for(dpo).get(other))
    assert "/designer/" not in page and "/suspendre/" not in page
    assert rights() == before
    assert security_log(kind="DENY", reason="plane_not_theirs")


def test_who_is_not_there_is_not_found(desk: Client) -> None:
    nobody = "00000000-0000-4000-8000-000000000007"
    for name in ("entry", "appoint", "suspend", "end_role", "end_appointment", "end_charge"):
        assert desk.get(reverse(f"register:{name}", args=[nobody])).status_code == 404, name


@pytest.mark.obligation("17/006 §16.1")
def test_who_works_on_files_sees_nothing_of_the_register(
    officer: User, other_officer: User, client_for: ClientFor, security_log: Log
) -> None:
    browser, before = client_for(officer), rights()
    for address in (reverse(INDEX), reverse("register:entry", args=[other_officer.pk])):
        page = text_of(browser.get(address), 403)
        assert "Peeters" not in page
        assert "Gestionnaire des utilisateurs" in page, "who may"
    answer = browser.post(reverse("register:suspend", args=[other_officer.pk]), {"reason": "left"})
    assert answer.status_code == 403
    assert rights() == before
    assert len(security_log(kind="DENY", actor=officer.pk, reason="role_missing")) == 3


def test_the_past_of_an_entry_tells_what_came_by_the_ceremony_and_what_changed(
    desk: Client, officer: User
) -> None:
    page = text_of(desk.get(reverse("register:entry", args=[officer.pk])))
    assert "la cérémonie d’installation" in page
    assert date(2020, 1, 1).strftime("%d/%m/%Y") in page
    user = newcomer()
    desk.post(reverse("register:appoint", args=[user.pk]), APPOINTMENT)
    told = text_of(desk.get(reverse("register:entry", args=[user.pk])))
    assert "Inscription modifiée" in told and "section : – → Namur" in told
