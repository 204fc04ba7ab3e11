"""The alimony service (SECAL / DAVO) and the Django project that carries the whole office."""
