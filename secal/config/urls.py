"""Every address of the office. Each room brings its own list; no address holds a personal value."""

from django.urls import include, path

from secal.office.site import site

urlpatterns = [
    path("", include("secal.office.urls")),
    path("", include("secal.access.urls")),
    path("engagements/", include("secal.office.commitments.urls")),
    path("dossiers/", include("secal.files.urls")),
    path("avances/", include("secal.advances.urls")),
    path("solvabilite/", include("secal.solvency.urls")),
    path("paiements/", include("secal.ledger.urls")),
    path("registre/chambre/", include("recovery.chamber.urls")),
    path("registre/", include("secal.register.urls")),
    path("onss/", include("recovery.arrears.urls")),
    path("", include("recovery.enforcement.urls")),
    path("controle/", include("audit.console.urls")),
    path("conservation/", include("audit.retention.urls")),
    path("admin/", site.urls),
    path("langue/", include("django.conf.urls.i18n")),
    path("", include("django_prometheus.urls")),
]

handler400 = "secal.office.errors.bad_request"
handler403 = "secal.office.errors.permission_denied"
handler404 = "secal.office.errors.not_found"
handler500 = "secal.office.errors.server_error"
