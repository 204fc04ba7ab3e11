"""The ledger's screens: bank statements, receipts that wait, the book of a file."""
