from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "secal.people"
    label = "people"
    verbose_name = "Personnes"
