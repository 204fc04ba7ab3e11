"""The addresses of this room. A file is named by its identifier; nothing personal is ever in an address."""

from django.urls import path, register_converter

from secal.files.drafts import ORDER
from secal.files.views import closure, intake, pages, statement, worklist

app_name = "files"


class StepConverter:
    """The five steps of an application, by name."""

    regex = "|".join(ORDER)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StepConverter, "intake_step")
urlpatterns = [
    path("", pages.file_list, name="list"),
    path("a-faire/", worklist.worklist, name="worklist"),
    path("introduction/", intake.intake, name="intake"),
    path("introduction/nouvelle/", intake.start, name="start"),
    path("introduction/<uuid:file_id>/verifier/", intake.check, name="check"),
    path("introduction/<uuid:file_id>/recue/", intake.received, name="received"),
    path("introduction/<uuid:file_id>/pieces/", intake.papers, name="papers"),
    path("introduction/<uuid:file_id>/supprimer/", intake.discard, name="discard"),
    path("introduction/<uuid:file_id>/<intake_step:step>/", intake.step, name="step"),
    path("<uuid:file_id>/", pages.file_page, name="page"),
    path("<uuid:file_id>/identite/<uuid:person_id>/", pages.identify, name="identify"),
    path("<uuid:file_id>/demande/", statement.stated, name="stated"),
    path("<uuid:file_id>/demande/<uuid:paper_id>/", statement.paper, name="paper"),
    path("<uuid:file_id>/attribution/", pages.assignment, name="assign"),
    path("<uuid:file_id>/cloture/", closure.propose, name="propose-closure"),
    path("<uuid:file_id>/cloture/approbation/", closure.approve, name="close"),
]
