from django.urls import path

from audit.console import views

app_name = "console"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("journal/", views.search, name="search"),
    path("historique/", views.history, name="history"),
    path("configuration/", views.configuration, name="configuration"),
    path("droits/", views.rights, name="rights"),
    path("obligations/", views.compliance, name="obligations"),
]
