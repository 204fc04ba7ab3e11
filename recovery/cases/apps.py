from django.apps import AppConfig


class RecoveryCasesConfig(AppConfig):
    name = "recovery.cases"
    label = "recovery_cases"
    verbose_name = "Dossiers de recouvrement"

    def ready(self) -> None:
        from recovery.cases import guards, jobs, keeping  # noqa: F401 - declares its jobs
        from recovery.cases.services import mandates
        from secal.access.services.following import follow

        guards.register()
        keeping.register()
        follow(joined=mandates.on_joining, left=mandates.on_leaving)
