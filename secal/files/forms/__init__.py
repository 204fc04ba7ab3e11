"""The forms of this room: the steps of an application, what completes it later, and the giving of a file."""
