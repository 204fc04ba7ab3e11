from django.urls import path

from secal.register.views import people, reviews, rights, watching

app_name = "register"
urlpatterns = [
    path("", people.index, name="index"),
    path("inscrire/", people.new, name="new"),
    path("droits/", watching.matrix, name="matrix"),
    path("sessions/", watching.sessions, name="sessions"),
    path("sessions/<uuid:user_id>/terminer/", watching.end_session, name="end_session"),
    path("revisions/", reviews.reviews, name="reviews"),
    path("revisions/ouvrir/", reviews.open_review, name="open_review"),
    path("revisions/<uuid:review_id>/", reviews.review, name="review"),
    path("revisions/<uuid:review_id>/confirmer/", reviews.confirm, name="confirm_review"),
    path("revisions/<uuid:review_id>/preuve/", reviews.proof, name="proof"),
    path("designations/<uuid:right_id>/terminer/", rights.end_appointment, name="end_appointment"),
    path("roles/<uuid:right_id>/terminer/", rights.end_role, name="end_role"),
    path("missions/<uuid:right_id>/terminer/", rights.end_charge, name="end_charge"),
    path("<uuid:user_id>/", people.entry, name="entry"),
    path("<uuid:user_id>/designer/", rights.appoint, name="appoint"),
    path("<uuid:user_id>/role/", rights.grant, name="grant"),
    path("<uuid:user_id>/mission/", rights.charge, name="charge"),
    path("<uuid:user_id>/suspendre/", rights.suspend, name="suspend"),
]
