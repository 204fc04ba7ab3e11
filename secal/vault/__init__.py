"""The key store: a key per file and per person, values sealed with it, and keyed blind indexes."""
