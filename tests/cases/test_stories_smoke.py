from datetime import date
from tests import stories
from secal.cases.models import *
from secal.ledger.models import Claim

def test_smoke(registrar, officer):
    f = stories.register_file(registrar=registrar, officer=officer)
    assert f.state == "to_decide", f.application.missing
    g = stories.granted_file(registrar=registrar, officer=officer, children=2)
    assert g.state == "active"
    for c in Claim.objects.filter(book=g.book).order_by("due_on","rank"):
        print(c.head, c.rank, c.period, c.due_on, c.limitation_on)
    print(list(CaseEvent.objects.values_list("code","params")))
    print(list(WorkItem.objects.values_list("kind","due_on","done_on")))
