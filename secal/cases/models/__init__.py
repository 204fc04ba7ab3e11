"""Tables of the alimony file, by noun: the file, its title and terms, its application, its course."""

from secal.cases.models.applications import Application, ApplicationState, Attachment, AttachmentKind
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
    "EventKind",
    "ExecutoryTitle",
    "FileState",
    "IndexClause",
    "MonthlyTerm",
    "TitleKind",
    "WorkItem",
    "WorkKind",
]
