"""Natural persons and employers, their accounts, and who registered whom."""
