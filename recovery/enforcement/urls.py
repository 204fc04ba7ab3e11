from django.urls import path

from recovery.enforcement.views import concession, irrecoverability, transmission

app_name = "enforcement"
urlpatterns = [
    path("concession/", concession.inbox, name="inbox"),
    path("concession/titres/<uuid:title_id>/", concession.distribute, name="distribute"),
    path("concession/mandats/", concession.mandates, name="mandates"),
    path("onss/transmission/", transmission.to_transmit, name="to_transmit"),
    path("onss/transmissions/", transmission.transmissions, name="transmissions"),
    path("onss/transmissions/<uuid:transmission_id>/", transmission.transmission, name="transmission"),
    path("onss/transmissions/<uuid:transmission_id>/extrait/", transmission.extract, name="extract"),
    path("onss/irrecouvrable/", irrecoverability.proposals, name="proposals"),
    path("onss/irrecouvrable/proposer/<uuid:file_id>/", irrecoverability.propose, name="propose"),
    path("onss/irrecouvrable/<uuid:proposal_id>/", irrecoverability.decide, name="decide"),
]
