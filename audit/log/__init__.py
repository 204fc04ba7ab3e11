"""The security log: who saw or did what, about whom, when and why. Append-only, without values."""
