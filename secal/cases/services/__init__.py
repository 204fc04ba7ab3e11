"""The only writers of files: receiving applications, giving files to officers, taking over and making
terms due."""

from secal.cases.services.applications import Completion, complete_application, receive_application
from secal.cases.services.arrival import examine_statement, waiting_statements
from secal.cases.services.assignment import ask_for_officers, assign, assign_on_arrival
from secal.cases.services.closure import close_file, propose_closure, return_closure
from secal.cases.services.course import take_over, turn_down
from secal.cases.services.terms import make_terms_due, terms_to_make

__all__ = [
    "Completion",
    "ask_for_officers",
    "assign",
    "assign_on_arrival",
    "close_file",
    "complete_application",
    "examine_statement",
    "make_terms_due",
    "propose_closure",
    "receive_application",
    "return_closure",
    "take_over",
    "terms_to_make",
    "turn_down",
    "waiting_statements",
]
