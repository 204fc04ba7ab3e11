from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "recovery.enforcement"
    label = "enforcement"
    verbose_name = "Exécution"
