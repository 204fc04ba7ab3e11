from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "secal.ledger"
    label = "ledger"
    verbose_name = "Comptabilité"

    def ready(self) -> None:
        from secal.ledger import jobs, registration  # noqa: F401 - they register themselves
