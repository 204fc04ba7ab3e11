"""The ground floor: money, periods, working days, Belgian numbers, explanations, and the rules that
reckon."""
