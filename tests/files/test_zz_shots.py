from pathlib import Path
from datetime import date
from tests import stories
from tests.files import wizard
OUT=Path("/tmp/shots")
def dump(name, answer):
    html=answer.content.decode().replace('/static/office/','file:///work/main/secal/office/static/office/')
    (OUT/f"{name}.html").write_text(html)
def test_shots(registrar, officer, approver, other_officer, client_for):
    i=client_for(registrar); o=client_for(officer)
    d=wizard.begin(i); dump("step1", i.get(wizard.address(d,"titre")))
    wizard.fill(i,d)
    dump("bad", i.post(wizard.address(d,"creancier"),{**wizard.creditor(niss="88.04.12-002.60"),"action":"next"}))
    wizard.fill(i,d)
    dump("children", i.get(wizard.address(d,"enfants")))
    dump("terms", i.get(wizard.address(d,"termes")))
    dump("check", i.get(wizard.address(d,"verifier")))
    dump("received", i.get(wizard.send(i,d)["Location"]))
    wizard.begin(i)
    stories.register_file(registrar=registrar, officer=officer, papers=())
    stories.register_file(registrar=registrar, officer=officer, received_on=date(2026,9,1), on=date(2026,9,1))
    g=stories.granted_file(registrar=registrar, officer=officer, children=2)
    dump("intake", i.get("/dossiers/introduction/"))
    dump("worklist", o.get("/dossiers/a-faire/")); dump("list", o.get("/dossiers/"))
    dump("page", o.get(f"/dossiers/{g.pk}/")); dump("search", o.post("/recherche/",{"q":"maes"}))
    dump("assign", client_for(approver).get(f"/dossiers/{g.pk}/attribution/"))
