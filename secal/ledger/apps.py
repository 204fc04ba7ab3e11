from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "secal.ledger"
    label = "ledger"
    verbose_name = "Comptabilité"
