"""The gate of both sites, and the page that opens it: nothing opens to who has not accepted the texts."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from secal.access import seats
from secal.access.commitments.selectors import committed
from secal.access.identities import BY_CARD, LEVEL
from secal.access.models import Commitment, CommitmentKind, Office, User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from tests.access.commitments.conftest import give, in_force
from tests.recovery.portal.conftest import seated, token_of

POLICY, DECLARATION = CommitmentKind
AtPortal = Callable[[], AbstractContextManager[None]]
ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]
PAGE = "/engagements/"
STAYS_OPEN = {
    "commitments:mine",
    "commitments:text",
    "access:login",
    "access:begin",
    "access:callback",
    "access:card",
    "access:confirm",
    "access:logout",
    "set_language",
    "health",
    "office:health",
    "prometheus-django-metrics",
}
VALUES = {"UUIDConverter": "00000000-0000-4000-8000-000000000007", "IntConverter": "1"}


def _lines(resolver: URLResolver, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and address of every line of the table of addresses, the libraries' too."""
    for line in resolver.url_patterns:
        kinds = {name: type(kind).__name__ for name, kind in line.pattern.converters.items()}
        address = prefix + re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda found: VALUES.get(kinds.get(found[1], ""), "titre"),  # noqa: B023 - used at once
            str(line.pattern),
        )
        if isinstance(line, URLResolver):
            yield from _lines(line, address, line.namespace or space)
        elif isinstance(line, URLPattern):
            yield f"{space}:{line.name}".strip(":"), re.sub(r"\^|\$|\(.*\)", "", address)


def accept(browser: Client, language: str, kind: CommitmentKind, /, **other: str) -> Any:
    """Send the box under a text as the page has it."""
    text = in_force(kind, language)
    values = {
        "kind": kind.value,
        "version": text.version.isoformat(),
        "language": language,
        "digest": text.digest_hex,
        "agreed": "on",
    }
    return browser.post(PAGE, {**values, **other})


def leads_to_the_texts(answer: Any, wanted: str) -> bool:
    if answer.status_code != 302:
        return False
    address = urlsplit(answer["Location"])
    return address.path == PAGE and parse_qs(address.query) == {"next": [wanted]}


# The gate


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_every_page_of_the_office_leads_to_the_texts_and_every_form_is_refused(
    newcomer: User, client_for: ClientFor, security_log: Log
) -> None:
    browser, tried = client_for(newcomer), 0
    for name, address in _lines(get_resolver()):
        if name in STAYS_OPEN:
            continue
        assert leads_to_the_texts(browser.get(address), address), name
        assert browser.post(address).status_code == 403, name
        tried += 1
    denied = security_log(kind="DENY", actor=newcomer.pk)
    assert {row["reason"] for row in denied} == {"commitment_missing"}
    assert len(denied) == tried > 50


@pytest.mark.obligation("17/006 §16.3")
def test_every_page_of_the_portal_leads_to_the_texts_and_every_form_is_refused(
    committed_database: str, make_user: Callable[..., User], at_portal: AtPortal, security_log: Log
) -> None:
    bailiff = make_user(Role.BAILIFF, office=_office(), committed=False)
    browser, tried = seated(bailiff), 0
    with at_portal():
        for name, address in _lines(get_resolver()):
            if name in STAYS_OPEN:
                continue
            assert leads_to_the_texts(browser.get(address), address), name
            assert browser.post(address).status_code == 403, name
            tried += 1
    denied = security_log(kind="DENY", actor=bailiff.pk)
    assert {(row["reason"], row["database_user"]) for row in denied} == {
        ("commitment_missing", "secal_portal")
    }
    assert len(denied) == tried > 8


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_no_other_method_passes(method: str, newcomer: User, client_for: ClientFor) -> None:
    assert getattr(client_for(newcomer), method)("/").status_code == 403


def test_an_address_that_is_not_there_says_nothing_either(newcomer: User, client_for: ClientFor) -> None:
    assert leads_to_the_texts(client_for(newcomer).get("/nulle-part/"), "/nulle-part/")


def test_the_refusal_says_what_is_missing_and_where_to_mend_it(newcomer: User, client_for: ClientFor) -> None:
    words = client_for(newcomer).post("/recherche/", {"q": "Peeters"}).content.decode()
    assert "Vous n’avez pas encore pris vos engagements" in words
    assert "Mes engagements" in words


def test_a_program_gets_403_and_no_page_in_place_of_its_data(
    newcomer: User, client_for: ClientFor, security_log: Log
) -> None:
    browser = client_for(newcomer)
    part = browser.get("/", headers={"HX-Request": "true"})
    data = browser.get("/", headers={"Accept": "application/json"})
    assert (part.status_code, data.status_code) == (403, 403)
    assert data["Content-Type"] == "application/problem+json"
    assert data.json()["code"] == "commitment_missing"
    assert len(security_log(kind="DENY", actor=newcomer.pk, reason="commitment_missing")) == 2


def test_the_way_out_the_language_and_the_machines_stay_open(newcomer: User, client_for: ClientFor) -> None:
    browser = client_for(newcomer)
    assert browser.get("/health").status_code == 200
    assert browser.post(reverse("set_language"), {"language": "nl", "next": PAGE})["Location"] == PAGE
    assert "Regels voor veiligheid" in browser.get(PAGE).content.decode()
    out = browser.post(reverse("access:logout"))
    assert out["Location"] == reverse("access:login")
    assert browser.get("/")["Location"].startswith(reverse("access:login"))


def test_a_stranger_meets_the_login_and_not_the_texts(db: None) -> None:
    assert Client().get(PAGE)["Location"].startswith(reverse("access:login"))
    assert Client().get("/dossiers/")["Location"].startswith(reverse("access:login"))


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_of_a_hundred_accounts_without_or_with_half_old_or_false_commitments_none_gets_in(
    make_user: Callable[..., User], client_for: ClientFor, new_version: Callable[..., None]
) -> None:
    roles = [role for role in Role if role is not Role.BAILIFF]
    people = [make_user(roles[number % len(roles)], committed=False) for number in range(100)]
    for number, user in enumerate(people):
        match number % 5:
            case 1:
                give(user, in_force(POLICY))
            case 2:
                _forge(user, DECLARATION)
            case 3:
                give(user, in_force(POLICY))
                give(user, in_force(DECLARATION))
            case 4:
                _forge(user)
    new_version(POLICY)
    for number, user in enumerate(people):
        browser = client_for(user)
        assert not committed(user.pk)
        assert leads_to_the_texts(browser.get("/loi/"), "/loi/"), number
        assert browser.post("/recherche/", {"q": "x"}).status_code == 403, number


def test_a_new_version_closes_the_door_in_the_middle_of_a_session(
    officer: User, client_for: ClientFor, new_version: Callable[..., None]
) -> None:
    browser = client_for(officer)
    assert browser.get("/dossiers/").status_code == 200
    new_version(DECLARATION)
    assert leads_to_the_texts(browser.get("/dossiers/"), "/dossiers/")
    words = browser.get(PAGE).content.decode()
    assert "Le texte a changé depuis la version du" in words
    assert words.count("J’ai lu et je m’engage") == 1
    assert accept(browser, "fr", DECLARATION, next="/dossiers/")["Location"] == "/dossiers/"
    assert browser.get("/dossiers/").status_code == 200


# The page


def test_both_texts_are_accepted_one_after_the_other_and_the_page_asked_for_opens(
    newcomer: User, client_for: ClientFor
) -> None:
    browser = client_for(newcomer)
    session = browser.session
    session[LEVEL] = BY_CARD
    session.save()
    words = browser.get(PAGE, {"next": "/loi/"}).content.decode()
    assert words.count("J’ai lu et je m’engage") == 2
    assert 'class="menu"' not in words and "global-search" not in words
    first = accept(browser, "fr", POLICY, next="/loi/")
    assert leads_to_the_texts(first, "/loi/")
    assert accept(browser, "fr", DECLARATION, next="/loi/")["Location"] == "/loi/"
    assert browser.get("/loi/").status_code == 200
    row = Commitment.objects.get(user=newcomer, kind=POLICY)
    assert row.acr == BY_CARD
    assert row.session_digest is not None


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_texts_are_read_in_the_language_of_the_screen(
    language: str, newcomer: User, client_for: ClientFor
) -> None:
    browser = client_for(newcomer)
    browser.cookies["django_language"] = language
    words = browser.get(PAGE).content.decode()
    for kind in CommitmentKind:
        text = in_force(kind, language)
        assert text.title in words
        assert text.digest_hex in words
    accept(browser, language, POLICY)
    assert Commitment.objects.get(user=newcomer).language == language


def test_the_box_must_be_ticked(newcomer: User, client_for: ClientFor) -> None:
    answer = accept(client_for(newcomer), "fr", POLICY, agreed="")
    assert answer.status_code == 422
    assert "Cochez cette case quand vous avez lu le texte." in answer.content.decode()
    assert not Commitment.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"version": "2020-01-01"},
        {"digest": "0" * 64},
        {"digest": "not a digest"},
        {"language": "nl"},
        {"language": "es"},
        {"version": "x"},
    ],
    ids=str,
)
def test_what_is_not_the_text_in_force_is_refused_and_the_true_one_is_shown(
    sent: dict[str, str], newcomer: User, client_for: ClientFor
) -> None:
    answer = accept(client_for(newcomer), "fr", POLICY, **sent)
    assert answer.status_code == 422
    assert in_force(POLICY).digest_hex in answer.content.decode()
    assert "error-summary" in answer.content.decode()
    assert not Commitment.objects.filter(user=newcomer).exists()


def test_a_kind_that_is_none_is_no_failure_of_ours(newcomer: User, client_for: ClientFor) -> None:
    assert accept(client_for(newcomer), "fr", POLICY, kind="x" * 4000).status_code == 422
    assert client_for(newcomer).post(PAGE).status_code == 422


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere_afterwards(wanted: str, newcomer: User, client_for: ClientFor) -> None:
    browser = client_for(newcomer)
    accept(browser, "fr", POLICY)
    assert accept(browser, "fr", DECLARATION, next=wanted)["Location"] == reverse("office:home")


def test_a_text_from_elsewhere_is_not_accepted_in_ones_name(newcomer: User, client_for: ClientFor) -> None:
    browser = client_for(newcomer, enforce_csrf_checks=True)
    assert accept(browser, "fr", POLICY).status_code == 403
    assert not Commitment.objects.filter(user=newcomer).exists()


def test_everybody_finds_what_they_accepted_and_reads_it_again(officer: User, client_for: ClientFor) -> None:
    browser = client_for(officer)
    words = browser.get(PAGE).content.decode()
    one = Commitment.objects.get(user=officer, kind=DECLARATION)
    assert reverse("commitments:text", args=[one.pk]) in words
    assert "J’ai lu et je m’engage" not in words
    text = browser.get(reverse("commitments:text", args=[one.pk])).content.decode()
    assert in_force(DECLARATION).title in text
    assert bytes(one.text_digest).hex() in text


def test_another_persons_commitment_is_not_there(
    officer: User, other_officer: User, client_for: ClientFor, security_log: Log
) -> None:
    theirs = Commitment.objects.filter(user=other_officer).first()
    assert theirs is not None
    assert client_for(officer).get(reverse("commitments:text", args=[theirs.pk])).status_code == 404
    assert security_log(kind="DENY", actor=officer.pk, reason="no_such_commitment")


# The portal


def test_a_bailiff_accepts_both_texts_at_the_portal(
    committed_database: str, make_user: Callable[..., User], at_portal: AtPortal, security_log: Log
) -> None:
    bailiff = make_user(Role.BAILIFF, office=_office(), committed=False)
    browser = seated(bailiff)
    with at_portal():
        assert leads_to_the_texts(browser.get("/"), "/")
        assert accept(browser, "nl", POLICY).status_code == 302
        assert accept(browser, "nl", DECLARATION)["Location"] == "/"
        assert browser.get("/").status_code == 200
        assert browser.get(PAGE).status_code == 200
    assert {row.language for row in Commitment.objects.filter(user=bailiff)} == {"nl"}
    rows = security_log(act="commitment.give", actor=bailiff.pk)
    assert {row["database_user"] for row in rows} == {"secal_portal"}


@pytest.mark.obligation("17/006 §16.3")
def test_the_portals_database_user_sees_and_gives_its_holders_own_only(
    committed_database: str, make_user: Callable[..., User], at_portal: AtPortal
) -> None:
    office = _office()
    mine, theirs = (make_user(Role.BAILIFF, office=office) for _ in range(2))
    give = (
        "INSERT INTO access_commitment (id, user_id, kind, version, language, text_digest, acr)"
        " VALUES (gen_random_uuid(), %s, 'policy', '2030-01-01', 'fr', sha256(''), '')"
    )
    count = "SELECT count(*), count(*) FILTER (WHERE user_id = %s) FROM access_commitment"
    token = token_of(mine)
    with at_portal():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(count, [mine.pk])
            assert cursor.fetchone() == (0, 0), "nobody sits there"
        with transaction.atomic(), connection.cursor() as cursor:
            seats.enter(token)
            cursor.execute(count, [mine.pk])
            assert cursor.fetchone() == (2, 2)
            for statement in (
                "UPDATE access_commitment SET version = '2030-01-01'",
                "DELETE FROM access_commitment",
            ):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(statement)
            with pytest.raises(ProgrammingError, match="must name who is at work"), transaction.atomic():
                cursor.execute(give, [theirs.pk])
            cursor.execute(give, [mine.pk])
    assert Commitment.objects.filter(user=theirs).count() == 2
    assert Commitment.objects.filter(user=mine).count() == 3


def _office() -> Office:
    return Office.objects.create(name="Étude Moreau", arrondissement="bruxelles")


def _forge(user: User, *kinds: CommitmentKind) -> None:
    """Rows of the right version with the digest of another language."""
    with acting_as(user.pk):
        for kind in kinds or CommitmentKind:
            Commitment.objects.create(
                user=user,
                kind=kind,
                version=in_force(kind).version,
                language="fr",
                text_digest=in_force(kind, "nl").digest,
            )
