"""Giving a commitment: the only writer of these rows."""

from dataclasses import dataclass
from datetime import date

from audit.log import events as log
from secal.access.commitments.errors import TextIsAnother, TextNotInForce
from secal.access.commitments.texts import library
from secal.access.models import Commitment, CommitmentKind
from secal.access.policy import require


@dataclass(frozen=True, slots=True)
class Proof:
    """How the person had proved who they are when they gave it."""

    acr: str = ""
    """The level of the login."""
    session_digest: bytes | None = None
    """SHA-256 of the session's token."""


def give_commitment(
    *,
    kind: CommitmentKind,
    version: date,
    language: str,
    digest: bytes,
    proof: Proof,
    on: date,
) -> Commitment:
    """Take down that whoever is at work read this text and accepts it. A second time changes nothing.

    digest   of the text that was before their eyes, as the page named it.
    Raises Refused, TextNotInForce, TextIsAnother.
    """
    actor = require("commitment.give")
    texts = library()
    if version != texts.in_force(kind, on):
        raise TextNotInForce
    text = texts.get(kind, version, language)
    if text is None or text.digest != digest:
        raise TextIsAnother
    given, is_new = Commitment.objects.get_or_create(
        user_id=actor.id,
        kind=kind,
        version=version,
        defaults={
            "language": language,
            "text_digest": digest,
            "acr": proof.acr,
            "session_digest": proof.session_digest,
        },
    )
    if is_new:
        log.record_write("commitment.give", subject=actor.id, purpose=kind.value)
    return given
