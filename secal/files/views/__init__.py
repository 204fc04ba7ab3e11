"""The screens of this room: intake, worklist, file page."""
