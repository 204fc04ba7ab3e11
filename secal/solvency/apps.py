from django.apps import AppConfig


class SolvencyConfig(AppConfig):
    name = "secal.solvency"
    label = "solvency"
    verbose_name = "Solvabilité"
