from django.apps import AppConfig


class ArrearsConfig(AppConfig):
    name = "recovery.arrears"
    label = "arrears"
    verbose_name = "Arriérés ONSS"

    def ready(self) -> None:
        from recovery.arrears import registration  # noqa: F401 - registers as it is imported
