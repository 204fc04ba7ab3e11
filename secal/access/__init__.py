"""Who may do what: users, planes and roles, the policy table, login, and the unit of work."""
