"""Solvency reviews of debtors and the calendar that brings them back."""
