"""The demonstration's data: invented families with consistent files, the same for the same seed.

people.py invents persons, life.py lets a file live month by month, money.py books it by the rules of the
ledger, load.py writes rows by COPY with every constraint on, told.py tells the stories by name through the
services that officers use.
"""
