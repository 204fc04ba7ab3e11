from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "secal.vault"
    label = "vault"
    verbose_name = "Coffre de clés"
