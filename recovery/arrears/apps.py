from django.apps import AppConfig


class ArrearsConfig(AppConfig):
    name = "recovery.arrears"
    label = "arrears"
    verbose_name = "Arriérés ONSS"
