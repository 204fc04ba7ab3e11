from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "recovery.portal"
    label = "portal"
    verbose_name = "Portail"
