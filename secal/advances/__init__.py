"""Entitlement to advances: the decision, the six-month right, and the monthly payment run."""
