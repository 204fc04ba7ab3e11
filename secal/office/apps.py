from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "secal.office"
    label = "office"
    verbose_name = "Bureau"

    def ready(self) -> None:
        from secal.office import registration  # noqa: F401 - it registers the menu lines
