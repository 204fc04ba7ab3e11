from django.urls import path

from secal.office import health, views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("health", health.health, name="health"),
    path("recherche/", views.search, name="search"),
]
