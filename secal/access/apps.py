from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "secal.access"
    label = "access"
    verbose_name = "Accès"
