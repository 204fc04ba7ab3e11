"""The addresses of this room. A file is named by its identifier; nothing personal is ever in an address."""

from django.urls import path, register_converter

from secal.files.drafts import ORDER
from secal.files.views import closure, exceptions, identity, intake, pages, statement, worklist

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
    path("identites/", identity.identities, name="identities"),
    path("identites/numero/", identity.propose_correction, name="propose-correction"),
    path("identites/fusion/", identity.propose_merge, name="propose-merge"),
    path("identites/numero/<uuid:proposal_id>/", identity.decide_correction, name="decide-correction"),
    path("identites/numero/<uuid:proposal_id>/piece/", identity.correction_paper, name="correction-paper"),
    path("identites/fusion/<uuid:proposal_id>/", identity.decide_merge, name="decide-merge"),
    path("identites/fusion/<uuid:proposal_id>/piece/", identity.merge_paper, name="merge-paper"),
    path("acces-urgence/", exceptions.ask, name="emergency"),
    path("acces-urgence/reponses/", exceptions.answers, name="emergency-answers"),
    path("acces-urgence/examens/", exceptions.reviews, name="emergency-reviews"),
    path("proteges/", exceptions.protected, name="protected"),
    path("proteges/demande/", exceptions.ask_protected, name="protected-ask"),
    path("proteges/accords/", exceptions.agreements, name="protected-agreements"),
    path("<uuid:file_id>/conflit/", exceptions.conflict, name="conflict"),
    path("<uuid:file_id>/", pages.file_page, name="page"),
    path("<uuid:file_id>/identite/<uuid:person_id>/", pages.identify, name="identify"),
    path("<uuid:file_id>/demande/", statement.stated, name="stated"),
    path("<uuid:file_id>/demande/<uuid:paper_id>/", statement.paper, name="paper"),
    path("<uuid:file_id>/attribution/", pages.assignment, name="assign"),
    path("<uuid:file_id>/cloture/", closure.propose, name="propose-closure"),
    path("<uuid:file_id>/cloture/approbation/", closure.approve, name="close"),
]
