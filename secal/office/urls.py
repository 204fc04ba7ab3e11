from django.urls import path

from secal.office import health, job_views, law_pages, views

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("health", health.health, name="health"),
    path("loi/", law_pages.law, name="law"),
    path("recherche/", views.search, name="search"),
    path("travaux/", job_views.jobs, name="jobs"),
    path("travaux/<uuid:job_id>/", job_views.job, name="job"),
]
