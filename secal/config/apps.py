from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The project itself as an application: it owns the Celery app and the project's own commands."""

    name = "secal.config"
    label = "config"

    def ready(self) -> None:
        from secal.config import celery, permissions  # noqa: F401 - shared tasks bind to the app on import
        from secal.office import page_rules

        page_rules.register(permissions.rules)
