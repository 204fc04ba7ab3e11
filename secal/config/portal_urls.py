"""Every address of the bailiffs' portal: a process of its own, without any page of the office."""

from django.urls import include, path

from secal.office.health import health

urlpatterns = [
    path("", include("recovery.portal.urls")),
    path("", include("secal.access.urls")),
    path("engagements/", include("secal.office.commitments.urls")),
    path("health", health, name="health"),
    path("langue/", include("django.conf.urls.i18n")),
    path("", include("django_prometheus.urls")),
]

handler400 = "secal.office.errors.bad_request"
handler403 = "secal.office.errors.permission_denied"
handler404 = "secal.office.errors.not_found"
handler500 = "secal.office.errors.server_error"
