"""Tables of the recovery file, by noun: the file, its titles and papers, its mandates and acts."""

from recovery.cases.models.files import FileEvent, FileEventKind, Outcome, RecoveryFile
from recovery.cases.models.mandates import (
    EXECUTION,
    SEIZURES,
    Act,
    ActKind,
    Mandate,
    MandatePermission,
    MandateState,
    ServiceMode,
)
from recovery.cases.models.titles import Document, DocumentKind, Title, TitleKind, TitleState

__all__ = [
    "EXECUTION",
    "SEIZURES",
    "Act",
    "ActKind",
    "Document",
    "DocumentKind",
    "FileEvent",
    "FileEventKind",
    "Mandate",
    "MandatePermission",
    "MandateState",
    "Outcome",
    "RecoveryFile",
    "ServiceMode",
    "Title",
    "TitleKind",
    "TitleState",
]
