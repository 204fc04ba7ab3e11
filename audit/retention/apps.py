from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "audit.retention"
    label = "retention"
    verbose_name = "Conservation"

    def ready(self) -> None:
        from audit.retention import jobs, registration  # noqa: F401 - they register themselves
