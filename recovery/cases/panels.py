"""What each room above adds to the page of a recovery file (secal.office.panels)."""

from recovery.cases.models import RecoveryFile
from secal.office.panels import Board

board: Board[RecoveryFile] = Board()
