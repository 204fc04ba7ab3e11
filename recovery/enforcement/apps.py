from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "recovery.enforcement"
    label = "enforcement"
    verbose_name = "Exécution"

    def ready(self) -> None:
        from recovery.enforcement import keeping, registration

        registration.register()
        keeping.register()
