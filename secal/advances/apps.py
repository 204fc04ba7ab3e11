from django.apps import AppConfig


class AdvancesConfig(AppConfig):
    name = "secal.advances"
    label = "advances"
    verbose_name = "Avances"

    def ready(self) -> None:
        from secal.advances import jobs, registration  # noqa: F401 - they register themselves
