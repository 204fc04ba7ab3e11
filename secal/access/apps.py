from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccessConfig(AppConfig):
    name = "secal.access"
    label = "access"
    verbose_name = "Accès"

    def ready(self) -> None:
        from secal.access import checks, configuration  # noqa: F401 - checks register themselves
        from secal.access.sessions import open_session

        configuration.begin()
        user_logged_in.connect(open_session, dispatch_uid="access.open_session")
