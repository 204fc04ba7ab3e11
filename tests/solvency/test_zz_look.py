import re, threading
from datetime import date
import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server
from tests.access.conftest import *  # noqa
from tests.e2e.browsing import Person, WATCH
from tests.stories import register_file, child
from secal.cases.models import AttachmentKind
from secal.access.models import User
from django.urls import reverse

OUT = "/tmp/look/"
@pytest.mark.filterwarnings("ignore")
def test_look(committed_database, make_user, registrar, officer, settings, start_provider, monkeypatch):
    import os; os.makedirs(OUT, exist_ok=True); os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
    settings.OIDC_ISSUER = start_provider()
    User.objects.filter(pk=officer.pk).update(subject="demo-luc-dubois")
    one = register_file(registrar=registrar, officer=officer, children=[child(), child(2), child(3, birth_date=date(2007,5,2))], papers=list(AttachmentKind))
    two = register_file(registrar=registrar, officer=officer, unpaid=1)
    srv = make_server("127.0.0.1", 0, get_wsgi_application(), threaded=True)
    threading.Thread(target=srv.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{srv.server_port}"
    faults = []
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for dark, width in ((False, 1366), (True, 1366), (False, 320)):
            tag = f"{'dark' if dark else 'light'}{width}"
            ctx = b.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="fr-BE")
            ctx.add_init_script(WATCH)
            page = ctx.new_page(); person = Person(ctx, page, origin)
            page.on("console", lambda m: person.complaints.append(f"{page.url}: {m.text}") if m.type in {"error","warning"} and page.url.startswith(origin) else None)
            def snap(name):
                page.screenshot(path=f"{OUT}{name}-{tag}.png", full_page=True)
                faults.extend(f"{tag} {name} {x}" for x in person.axe_faults())
                if person.overflows() > 0: faults.append(f"{tag} {name} overflow {person.overflows()}")
            page.goto(origin + "/"); snap("login")
            page.get_by_role("link", name=re.compile("connecter")).first.click()
            page.screenshot(path=f"{OUT}persona-{tag}.png", full_page=True)
            page.locator("button[value='demo-luc-dubois']").first.click(); page.wait_for_url(re.compile(re.escape(origin)))
            page.goto(origin + reverse("office:law")); snap("law")
            if not dark and width == 1366:
                page.goto(origin + reverse("advances:decide", args=[two.pk])); snap("decide-refused")
                page.goto(origin + reverse("advances:decide", args=[one.pk])); snap("decide")
                page.get_by_role("button", name="Décider et signer").click(); snap("decision")
            else:
                page.goto(origin + reverse("advances:decide", args=[two.pk])); snap("decide-refused")
                page.goto(origin + reverse("advances:decision", args=[one.pk])); snap("decision")
            page.goto(origin + reverse("solvency:review", args=[one.pk])); snap("review")
            page.get_by_label("insolvable").check(); page.get_by_role("button", name="Vérifier les réponses").click(); snap("review-fault")
            page.get_by_label("Motivation").fill("Aucun revenu connu depuis la faillite de l'employeur.")
            page.locator("[name=line-0-kind]").select_option("salary"); page.locator("[name=line-0-amount]").fill("1 200,50"); page.locator("[name=line-0-source]").fill("fiche de paie")
            page.get_by_role("button", name="Vérifier les réponses").click(); snap("check")
            page.get_by_role("button", name="Signer").click(); snap("past")
            page.goto(origin + reverse("solvency:calendar")); snap("calendar")
            page.goto(origin + reverse("files:page", args=[one.pk])); snap("file")
            faults.extend(person.complaints)
            ctx.close()
        b.close()
    srv.shutdown()
    from django.db import connections
    print("\n".join(faults) or "NO FAULTS")
    open("/tmp/look/faults.txt","w").write("\n".join(faults))
