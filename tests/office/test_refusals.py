"""A page that refuses names the right, who has it, who gives it: nobody gives rights in their own plane."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.access.roles import PLANE_OF_ROLE, Role

KEEPER = "accordé par le gestionnaire des utilisateurs"
COORDINATOR = "Le coordinateur de la sécurité désigne les gestionnaires des utilisateurs"
NOBODY = "Personne dans le bureau n’accorde ce droit"


@pytest.mark.parametrize(
    ("role", "page", "missing", "who", "giver"),
    [
        (Role.REGISTRAR, "files:list", "voir la liste des dossiers", "Gestionnaire de dossiers", KEEPER),
        (
            Role.CASE_OFFICER,
            "register:new",
            "inscrire une personne au registre des utilisateurs",
            "Gestionnaire des utilisateurs",
            COORDINATOR,
        ),
        (
            Role.CASE_OFFICER,
            "console:overview",
            "consulter le journal de sécurité",
            "Coordinateur de la sécurité",
            NOBODY,
        ),
    ],
)
def test_a_refusal_names_the_missing_right_and_who_gives_it(
    role: Role,
    page: str,
    missing: str,
    who: str,
    giver: str,
    make_user: Callable[..., User],
    client_for: Callable[[User], Client],
) -> None:
    answer = client_for(make_user(role)).get(reverse(page))
    told = " ".join(answer.content.decode().split())
    assert answer.status_code == 403
    assert f"Droit demandé : {missing}." in told
    assert who in told
    assert [words in told for words in (KEEPER, COORDINATOR, NOBODY)].count(True) == 1
    assert giver in told
    assert f"Votre domaine ({PLANE_OF_ROLE[role].label}) exclut ce droit" in told


def test_a_refusal_that_no_role_would_lift_speaks_of_no_role(
    make_user: Callable[..., User], client_for: Callable[[User], Client]
) -> None:
    """Not charged with a mission is mended by the user registrar; somebody else's file is not."""
    officer = client_for(make_user(Role.CASE_OFFICER))
    answer = officer.get(reverse("files:page", args=["00000000-0000-4000-8000-000000000000"]))
    assert answer.status_code == 404
    assert KEEPER not in answer.content.decode()


def test_a_right_of_ones_own_domain_can_be_asked_for(
    make_user: Callable[..., User], client_for: Callable[[User], Client]
) -> None:
    told = client_for(make_user(Role.CASE_OFFICER)).get(reverse("arrears:list")).content.decode()
    assert "chef de section" in told
    assert "exclut ce droit" not in told
