from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "secal.files"
    label = "files"
    verbose_name = "Traitement des dossiers"

    def ready(self) -> None:
        from secal.files import jobs, registration  # noqa: F401 - they register themselves
