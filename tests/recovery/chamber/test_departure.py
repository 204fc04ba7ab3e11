"""From the Chamber's word to the last thing that a leaver could still do: five minutes at the worst."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from recovery.cases.models import MandatePermission
from recovery.chamber.models import Departure
from recovery.chamber.tasks import receive_lists
from recovery.portal.models import CollectedPayment
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.seats import SeatRefused
from secal.access.unit_of_work import acting_as
from secal.people.identifiers import niss_index
from tests.recovery.chamber.sender import niss
from tests.recovery.chamber.test_feed import running_chamber
from tests.recovery.portal.conftest import AtPortal, World, build, seated, token_of

AT_MOST = 300
"""Seconds (17/006 §21)."""
TRIALS = 3


@pytest.fixture
def real_world(committed_database: str, make_user: Callable[..., User]) -> World:
    return build(make_user)


def listed(user: User, number: int) -> dict[str, str]:
    user.niss_bi = niss_index(niss(number))
    user.save()
    return {"number": f"NK-{number}", "niss": niss(number), "office": f"ET-{number}"}


@pytest.mark.obligation("17/006 §21")
@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_departure_ends_session_link_work_and_login_within_five_minutes(
    trial: int, real_world: World, at_portal: AtPortal, settings: Any, tmp_path: Path
) -> None:
    leaver, other = real_world.staff.bailiff, real_world.sibling
    link = reverse("portal:file", args=[real_world.file_id], urlconf="secal.config.portal_urls")
    form = reverse("portal:payment", args=[real_world.file_id], urlconf="secal.config.portal_urls")
    ring = django_settings.CELERY_BEAT_SCHEDULE["chamber-lists"]["schedule"]
    with running_chamber(tmp_path, settings) as chamber:
        chamber.enrol([listed(leaver, 1), listed(other, 2)])
        receive_lists()
        browser, sibling = seated(leaver), seated(other)
        with at_portal():
            assert [browser.get(path).status_code for path in ("/", link, form)] == [200, 200, 200]
        began = time.monotonic()
        chamber.say("left", "NK-1")
        receive_lists()
        with at_portal():
            # The page that is open, a link that was sent, a form that was filled in before.
            answers = [browser.get("/"), browser.get(link), browser.post(form, {"step": "send"})]
        refused = time.monotonic() - began
        with at_portal():
            assert sibling.get("/").status_code == 200
    assert {answer.status_code for answer in answers} <= {302, 403}
    assert ring + refused <= AT_MOST
    # Work that waits in their name, and another login.
    with pytest.raises(Refused), acting_as(leaver.pk):
        pytest.fail("somebody who left is at work")
    with pytest.raises(SeatRefused) as refusal:
        token_of(leaver)
    assert refusal.value.code == "login.inactive"
    assert not MandatePermission.objects.filter(user=leaver).exists()
    assert not CollectedPayment.objects.exists()
    assert Departure.objects.get().carried_out_at is not None
