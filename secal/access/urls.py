from django.urls import path

from secal.access import views

app_name = "access"
urlpatterns = [
    path("connexion/", views.login, name="login"),
    path("connexion/carte/", views.begin, name="begin"),
    path("connexion/retour/", views.callback, name="callback"),
    path("deconnexion/", views.logout, name="logout"),
]
