from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "secal.access"
    label = "access"
    verbose_name = "Accès"

    def ready(self) -> None:
        from secal.access import checks, configuration  # noqa: F401 - checks register themselves
        from secal.access.commitments import checks as texts  # noqa: F401 - the same

        configuration.begin()
