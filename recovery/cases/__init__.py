"""The recovery file of an employer: what arrears, enforcement and the portal know of it together."""
