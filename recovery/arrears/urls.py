"""The addresses of this room. A file is named by its identifier; nothing personal is ever in an address."""

from django.urls import path

from recovery.arrears.views import delegations, employers, files, notices, oppositions, rolls

app_name = "arrears"
urlpatterns = [
    path("", files.file_list, name="list"),
    path("recherche/", files.find, name="find"),
    path("employeurs/", employers.employer, name="employer"),
    path("employeurs/<uuid:employer_id>/dette/", employers.debt, name="debt"),
    path("roles/", rolls.roll_list, name="rolls"),
    path("delegations/", delegations.delegation_list, name="delegations"),
    path("<uuid:file_id>/", files.file_page, name="page"),
    path("<uuid:file_id>/piece/<uuid:document_id>/", files.document, name="document"),
    path("<uuid:file_id>/mise-en-demeure/", notices.notice, name="notice"),
    path(
        "<uuid:file_id>/mise-en-demeure/<uuid:notice_id>/presentation/",
        notices.presentation,
        name="presentation",
    ),
    path("<uuid:file_id>/mise-en-demeure/<uuid:notice_id>/contestation/", notices.contest, name="contest"),
    path("<uuid:file_id>/role/", rolls.draw, name="draw"),
    path("<uuid:file_id>/role/<uuid:roll_id>/", rolls.roll, name="roll"),
    path("<uuid:file_id>/role/<uuid:roll_id>/signer/", rolls.sign, name="sign"),
    path("<uuid:file_id>/role/<uuid:roll_id>/retirer/", rolls.withdraw, name="withdraw"),
    path("<uuid:file_id>/role/<uuid:roll_id>/contrainte/", rolls.issue, name="issue"),
    path("<uuid:file_id>/titre/<uuid:title_id>/opposition/", oppositions.opposition, name="opposition"),
    path("<uuid:file_id>/opposition/<uuid:opposition_id>/decision/", oppositions.decision, name="decision"),
]
