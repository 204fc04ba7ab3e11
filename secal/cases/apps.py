from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "secal.cases"
    label = "cases"
    verbose_name = "Dossiers"
