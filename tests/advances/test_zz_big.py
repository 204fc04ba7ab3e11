import time
from datetime import date
from django.db import connection
from django.test.utils import CaptureQueriesContext
import pytest
from secal.access.unit_of_work import acting_as, service_work
from secal.advances.models import *
from secal.advances.services import runs
from secal.office import jobs
from secal.office.models import Job
from secal.ledger.tasks import collect_bank_reports
from secal.ledger.services import payments
from secal.ledger.pain002 import Debit
from secal.ledger.models import *
from tests.advances.many import grant_in_bulk
from tests.advances.rights import MONTH
from tests.advances.conftest import *
N=int(__import__("os").environ.get("N","1000"))
def test_big(bank, officer, approver, client_for):
    s=time.time(); grant_in_bulk(N, officer=officer); print("grant", time.time()-s)
    with connection.cursor() as c: c.execute("ANALYZE")
    with acting_as(officer.pk): run=runs.prepare(month=MONTH, execution_on=date(2026,11,23))
    s=time.time(); jobs.run(Job.objects.get(kind="advances.compute").pk); print("compute", time.time()-s)
    for who in (officer, approver):
        s=time.time(); r=client_for(who).get(f"/avances/paiements/{run.pk}/"); print("page", r.status_code, time.time()-s)
        s=time.time(); r=client_for(who).get(f"/avances/paiements/{run.pk}/lignes/"); print("lines", r.status_code, time.time()-s)
    with acting_as(approver.pk): runs.approve(run_id=run.pk)
    s=time.time(); j=jobs.run(Job.objects.get(kind="advances.send").pk); print("send", time.time()-s, j.state, j.error, j.result)
    bank.advance_to(date(2026,11,24))
    debits=[Debit(i.end_to_end_id,i.amount,date(2026,11,23)) for i in PaymentInstruction.objects.all()[:100]]
    with service_work("bank"), CaptureQueriesContext(connection) as cap:
        s=time.time(); payments.settle(debits); print("settle 100", time.time()-s, len(cap), "q")
    s=time.time(); print(collect_bank_reports()); print("collect", time.time()-s)
    run.refresh_from_db(); print(run.state)
