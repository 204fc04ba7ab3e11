from django.urls import path

from secal.solvency import views

app_name = "solvency"
urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("examiner/<uuid:file_id>/", views.review, name="review"),
    path("suspension/<uuid:file_id>/", views.suspension, name="suspension"),
    path("examen/<uuid:file_id>/<uuid:review_id>/", views.past, name="past"),
]
