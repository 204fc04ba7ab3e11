from django.apps import AppConfig


class SolvencyConfig(AppConfig):
    name = "secal.solvency"
    label = "solvency"
    verbose_name = "Solvabilité"

    def ready(self) -> None:
        from secal.solvency import jobs, registration  # noqa: F401 - they register themselves
