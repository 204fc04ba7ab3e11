from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "secal.sources"
    label = "sources"
    verbose_name = "Sources"
