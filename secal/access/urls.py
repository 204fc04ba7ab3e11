from django.urls import path

from secal.access import views

app_name = "access"
urlpatterns = [
    path("connexion/", views.login, name="login"),
    path("connexion/federale/", views.begin, name="begin"),
    path("connexion/retour/", views.callback, name="callback"),
    path("connexion/carte/", views.card, name="card"),
    path("connexion/confirmer/", views.confirm, name="confirm"),
    path("deconnexion/", views.logout, name="logout"),
]
