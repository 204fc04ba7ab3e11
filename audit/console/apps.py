from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "audit.console"
    label = "console"
    verbose_name = "Console"

    def ready(self) -> None:
        from audit.console import registration  # noqa: F401 - it registers itself
