"""Tables of the alimony file, by noun: the file, its title and terms, its application, its course."""

from secal.cases.models.access import (
    EmergencyAccess,
    FileOpening,
    FilePermission,
    PersonProtection,
    ProtectedOpening,
    ProtectionGround,
    Recusal,
    ReviewFinding,
)
from secal.cases.models.applications import (
    Application,
    ApplicationState,
    Attachment,
    AttachmentKind,
    Statement,
)
from secal.cases.models.closure import Closure, ClosureGround, ClosureState
from secal.cases.models.course import Assignment, CaseEvent, EventKind, WorkItem, WorkKind
from secal.cases.models.files import AlimonyFile, FileState
from secal.cases.models.titles import Beneficiary, ExecutoryTitle, IndexClause, MonthlyTerm, TitleKind

__all__ = [
    "AlimonyFile",
    "Application",
    "ApplicationState",
    "Assignment",
    "Attachment",
    "AttachmentKind",
    "Beneficiary",
    "CaseEvent",
    "Closure",
    "ClosureGround",
    "ClosureState",
    "EmergencyAccess",
    "EventKind",
    "ExecutoryTitle",
    "FileOpening",
    "FilePermission",
    "FileState",
    "IndexClause",
    "MonthlyTerm",
    "PersonProtection",
    "ProtectedOpening",
    "ProtectionGround",
    "Recusal",
    "ReviewFinding",
    "Statement",
    "TitleKind",
    "WorkItem",
    "WorkKind",
]
