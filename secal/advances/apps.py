from django.apps import AppConfig


class AdvancesConfig(AppConfig):
    name = "secal.advances"
    label = "advances"
    verbose_name = "Avances"
