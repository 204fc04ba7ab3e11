"""The only writers of persons, their accounts, the acts of registration, and proposals about identity."""

from secal.people.services.acts import meet, record_act, record_file_opened
from secal.people.services.persons import (
    PersonDetails,
    Registration,
    add_account,
    register_person,
    searchable,
    take_statement,
)

__all__ = [
    "PersonDetails",
    "Registration",
    "add_account",
    "meet",
    "record_act",
    "record_file_opened",
    "register_person",
    "searchable",
    "take_statement",
]
