from django.urls import path

from secal.office.commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.commitments, name="mine"),
    path("<uuid:commitment_id>/", views.text, name="text"),
]
