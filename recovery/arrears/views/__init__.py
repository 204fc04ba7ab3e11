"""The office's pages of recovery: files, employers and debts, notices, rolls, constraints, oppositions."""
