from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "recovery.portal"
    label = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        from recovery.portal import keeping, registration  # noqa: F401 - they register themselves
