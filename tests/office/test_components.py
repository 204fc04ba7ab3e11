"""What the components promise: words beside colours, overdue named, faults linked, a strict policy kept."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template
from django.utils import translation

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.office import explaining
from secal.office.templatetags.office import SHAPES

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ON = date(2026, 11, 21)
REFUSED = re.compile(r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\ssrc=)""")


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def draw(source, **context):
    return BeautifulSoup(
        Template("{% load office charts %}" + source).render(Context(context)), "html.parser"
    )


@pytest.mark.parametrize("state", ["neutral", "underway", "attention", "late", "good"])
def test_every_state_speaks_by_word_and_by_a_shape_of_its_own(state):
    drawn = draw("{% status state word %}", state=state, word="Actif")
    assert "Actif" in drawn.text
    assert drawn.svg["aria-hidden"] == "true"
    assert sum(shape == SHAPES[state] for shape in SHAPES.values()) == 1


def test_an_overdue_deadline_is_named_so():
    drawn = draw("{% deadline day on=on %}", day=date(2026, 11, 18), on=ON)
    assert "18/11/2026" in drawn.text
    assert "en retard de 3 jours" in drawn.text


def test_a_deadline_that_was_met_is_not_called_late():
    assert "en retard" not in draw("{% deadline day on=on done=True %}", day=date(2026, 11, 18), on=ON).text


def test_a_negative_amount_carries_its_word():
    assert draw("{% office_money amount word='crédit' %}", amount=Decimal(-90)).text.split()[0] == "crédit"


def test_every_cell_of_a_table_knows_its_label_for_narrow_screens():
    table = {
        "caption": "Compte",
        "columns": [{"label": "Date", "kind": "date"}, {"label": "Solde", "kind": "money"}],
        "rows": [{"cells": [ON, Decimal("12.50")]}],
        "totals": [{"cells": ["Total", Decimal("12.50")]}],
    }
    drawn = draw("{% data_table table %}", table=table)
    assert [cell["data-label"] for cell in drawn.select("tbody th, tbody td")] == ["Date", "Solde"]
    assert drawn.select_one("tfoot th").text.strip() == "Total"


def test_an_empty_table_says_why_and_what_to_do():
    empty = {"title": "Rien n’attend", "text": "Tout est attribué.", "url": "/x/", "action": "Importer"}
    drawn = draw("{% data_table table %}", table={"caption": "x", "columns": [], "rows": [], "empty": empty})
    assert "Tout est attribué." in drawn.text
    assert drawn.a["href"] == "/x/"


def test_error_summary_links_each_fault_to_its_field():
    class Sample(forms.Form):
        name = forms.CharField(label="Nom")
        kind = forms.ChoiceField(label="Genre", widget=forms.RadioSelect, choices=[("a", "A")])

    drawn = draw("{% error_summary form %}{% field form.name %}{% field form.kind %}", form=Sample({}))
    targets = [link["href"].removeprefix("#") for link in drawn.select(".error-summary a")]
    assert len(targets) == 2
    assert all(drawn.find(id=target) for target in targets)


def test_explanation_is_the_same_from_the_kernel_and_from_its_stored_form():
    tree = Explanation(
        code="advance.total",
        amount=Decimal("175.00"),
        source="art. 4 §2",
        inputs=Inputs({"term_due": Decimal("212.50")}),
        parameters=(
            Given("advance_cap_per_creditor_month", Decimal("175.00"), source="art. 4", assumed=True),
        ),
        children=(Explanation(code="advance.ceiling", amount=Decimal("175.00")),),
    )
    assert explaining.told(tree) == explaining.told(tree.to_dict())
    drawn = draw("{% explanation tree %}", tree=tree)
    assert "Avances accordées" in drawn.text
    assert "art. 4 §2" in drawn.text
    assert "hypothèse" in drawn.text


def test_an_explanation_shows_no_code_and_no_amount_without_currency():
    tree = Explanation(
        code="advance.term",
        amount=Decimal("175.00"),
        inputs=Inputs({"term_due": Decimal("210.00"), "maintenance_kind": "child"}),
        parameters=(
            Given("advance_cap_per_creditor_month", Decimal("175.00")),
            Given("advance_first_month", "month_of_decision", source="art. 3 §2, choix du service"),
            Given("decision_days", 30),
        ),
    )
    drawn = " ".join(draw("{% explanation tree %}", tree=tree).text.split())
    for words in ("210,00 €", "175,00 €", "enfants", "le mois de la décision", "30 jours"):
        assert words in drawn, drawn
    with translation.override("nl"):
        assert "keuze van de dienst" in draw("{% explanation tree %}", tree=tree).text


def test_charts_carry_a_table_with_the_same_numbers():
    months = [
        {
            "month": date(2026, n, 1),
            "advances": Decimal(175),
            "recovered": Decimal(n),
            "arrears": Decimal(n * 100),
        }
        for n in range(1, 13)
    ]
    drawn = draw("{% file_charts months %}", months=months)
    assert len(drawn.select("details tbody tr")) == 12
    assert len(drawn.select(".chart__svg--wide rect")) == 24
    assert all(bar.title for bar in drawn.select(".chart__svg--wide rect"))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_what_the_policy_refuses(path):
    assert not REFUSED.search(path.read_text())
