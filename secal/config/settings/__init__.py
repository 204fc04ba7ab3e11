"""Settings: base for all, then demo, test and production, each saying only what differs."""
