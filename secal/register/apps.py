from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "secal.register"
    label = "register"
    verbose_name = "Registre des utilisateurs"

    def ready(self) -> None:
        from secal.register import registration

        registration.register()
