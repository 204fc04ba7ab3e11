from django.urls import path

from audit.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.due, name="due"),
    path("listes/", views.lists, name="lists"),
    path("listes/<uuid:list_id>/", views.erasure_list, name="list"),
    path("listes/<uuid:list_id>/approuver/", views.approve, name="approve"),
    path("listes/<uuid:list_id>/rejeter/", views.reject, name="reject"),
    path("certificats/", views.certificates, name="certificates"),
    path("certificats/<uuid:certificate_id>/", views.certificate, name="certificate"),
]
