from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "secal.cases"
    label = "cases"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from secal.cases import guards, jobs, keeping  # noqa: F401 - jobs register themselves

        guards.register()
        keeping.register()
