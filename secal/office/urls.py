from django.urls import path

from secal.office import health, job_views, views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("health", health.health, name="health"),
    path("recherche/", views.search, name="search"),
    path("travaux/", job_views.jobs, name="jobs"),
    path("travaux/<uuid:job_id>/", job_views.job, name="job"),
]
