"""The page of both sites on which people read and accept what they commit themselves to, and its gate."""
