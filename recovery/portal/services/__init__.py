"""The only writers of what a bailiff does: service of the constraint, acts, payments, deeds, the end of a
mandate. Each opens the file through the bailiffs' door and holds the title while it writes."""

from recovery.portal.services.acts import (
    ActFacts,
    ServiceFacts,
    preview_act,
    preview_service,
    record_act,
    record_service,
)
from recovery.portal.services.deeds import upload_deed
from recovery.portal.services.ending import CloseReason, HandBackReason, close, hand_back
from recovery.portal.services.payments import PaymentFacts, record_payment

__all__ = [
    "ActFacts",
    "CloseReason",
    "HandBackReason",
    "PaymentFacts",
    "ServiceFacts",
    "close",
    "hand_back",
    "preview_act",
    "preview_service",
    "record_act",
    "record_payment",
    "record_service",
    "upload_deed",
]
