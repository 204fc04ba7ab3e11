from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "secal.cases"
    label = "cases"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from secal.access.services.following import follow
        from secal.cases import guards, jobs, keeping  # noqa: F401 - jobs register themselves
        from secal.cases.services import assignment

        guards.register()
        keeping.register()
        follow(joined=assignment.on_joining, left=assignment.on_leaving)
