"""What employers owe the ONSS and how it becomes a title: debt, formal notice, special roll, constraint,
opposition.
"""
