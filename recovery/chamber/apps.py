from django.apps import AppConfig


class ChamberConfig(AppConfig):
    name = "recovery.chamber"
    label = "chamber"
    verbose_name = "Chambre nationale des huissiers de justice"

    def ready(self) -> None:
        from recovery.chamber import checks, keeping, registration  # noqa: F401 - two register themselves

        registration.register()
