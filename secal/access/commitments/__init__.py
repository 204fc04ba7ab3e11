"""What everybody reads and undertakes before anything opens: the texts, who gave what, and giving it."""
