"""The forms of this room: what is typed, read; the services decide."""
