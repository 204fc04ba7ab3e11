from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "secal.office"
    label = "office"
    verbose_name = "Bureau"
