from django.urls import path

from recovery.chamber import views

app_name = "chamber"
urlpatterns = [
    path("", views.index, name="index"),
    path("differences/", views.differences, name="differences"),
    path("messages/<uuid:list_id>/", views.message, name="message"),
    path("messages/<uuid:list_id>/liberer/", views.let_go, name="release"),
    path("messages/<uuid:list_id>/ecarter/", views.put_aside, name="set_aside"),
    path("alarmes/<uuid:alarm_id>/", views.note, name="alarm"),
    path("propositions/<uuid:proposal_id>/", views.answer, name="proposal"),
]
