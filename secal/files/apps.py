from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "secal.files"
    label = "files"
    verbose_name = "Traitement des dossiers"
