from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "audit.console"
    label = "console"
    verbose_name = "Console"
