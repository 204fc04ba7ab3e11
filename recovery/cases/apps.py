from django.apps import AppConfig


class RecoveryCasesConfig(AppConfig):
    name = "recovery.cases"
    label = "recovery_cases"
    verbose_name = "Dossiers de recouvrement"

    def ready(self) -> None:
        from recovery.cases import guards, keeping

        guards.register()
        keeping.register()
