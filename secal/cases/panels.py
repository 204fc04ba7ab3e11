"""What each context adds to the page of an alimony file (secal.office.panels)."""

from secal.cases.models import AlimonyFile
from secal.office.panels import Board

board: Board[AlimonyFile] = Board()
