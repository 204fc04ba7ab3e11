from django.urls import path

from recovery.portal.views import files, lists, work

app_name = "portal"
urlpatterns = [
    path("", lists.home, name="home"),
    path("dossiers/<uuid:file_id>/", files.file, name="file"),
    path("dossiers/<uuid:file_id>/signification/", work.service, name="service"),
    path("dossiers/<uuid:file_id>/acte/", work.act, name="act"),
    path("dossiers/<uuid:file_id>/paiement/", work.payment, name="payment"),
    path("dossiers/<uuid:file_id>/exploit/", work.deed, name="deed"),
    path("dossiers/<uuid:file_id>/fin/", work.end, name="end"),
    path("dossiers/<uuid:file_id>/actes/<uuid:act_id>/", files.act_done, name="act_done"),
    path("dossiers/<uuid:file_id>/paiements/<uuid:payment_id>/", files.payment_done, name="payment_done"),
    path("dossiers/<uuid:file_id>/pieces/<uuid:document_id>/", files.document, name="document"),
]
