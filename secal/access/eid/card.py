"""A login by the card itself: what the proxy handed over, checked as if nobody had looked at it before."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from secal.access.eid import channel, trust
from secal.access.eid.certificate import CardRefused, check_by_itself, national_number, read
from secal.access.eid.chain import check_chain
from secal.access.identities import BY_CARD, Proven, niss_index

__all__ = ["CardRefused", "complete"]


def complete(request: HttpRequest, *, wanted: str, now: datetime) -> Proven:
    """Whom the card of this connection proves. Raises CardRefused."""
    certificate = read(channel.certificate(request))
    ago = channel.signed_seconds_ago(request)
    if ago is None or ago > settings.OIDC_MAX_AGE:
        # A resumed session, or a connection kept since long, says nothing of a card that is here now.
        raise CardRefused("card.not_signed_now")
    check_by_itself(certificate, policies=frozenset(settings.EID_POLICIES), now=now)
    check_chain(certificate, trust.configured(), now=now)
    return Proven(
        subject=None,
        niss_bi=niss_index(national_number(certificate)),
        authenticated_at=now - timedelta(seconds=ago),
        level=BY_CARD,
        wanted=wanted,
    )
