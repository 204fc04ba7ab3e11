from django.urls import path

from secal.advances.views import decisions, runs

app_name = "advances"
urlpatterns = [
    path("decider/<uuid:file_id>/", decisions.decide, name="decide"),
    path("decision/<uuid:file_id>/", decisions.decision, name="decision"),
    path("paiements/", runs.run_list, name="runs"),
    path("paiements/preparer/", runs.prepare, name="run_prepare"),
    path("paiements/<uuid:run_id>/", runs.run_page, name="run"),
    path("paiements/<uuid:run_id>/approuver/", runs.approve, name="run_approve"),
    path("paiements/<uuid:run_id>/abandonner/", runs.cancel, name="run_cancel"),
    path("paiements/<uuid:run_id>/envoyer/", runs.send_again, name="run_send"),
    path("paiements/<uuid:run_id>/relever/", runs.ask_reports, name="run_reports"),
    path("paiements/<uuid:run_id>/lignes/", runs.lines, name="run_lines"),
    path("paiements/<uuid:run_id>/lignes/<uuid:line_id>/", runs.line_page, name="run_line"),
]
