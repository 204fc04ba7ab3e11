from django.urls import path

from secal.office import views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("recherche/", views.search, name="search"),
]
