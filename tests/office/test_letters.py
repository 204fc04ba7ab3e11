"""The letters: tagged, dated, in the debtor's language, complete or refused."""

import copy
import hashlib
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
import typst
from django.conf import settings
from django.utils import translation

from secal.kernel.identifiers import IdentifierError
from secal.office.formatting import money_text
from secal.office.letters import LetterError, clause_version, clauses, compose
from secal.office.letters.composing import FOLDER, LETTERS, prepared
from tests.pdf_reading import pages_of, text_of

D = Decimal
QUARTER = date(2026, 1, 1)
PAYMENT = {"iban": "BE68539007547034", "beneficiary": "ONSS", "communication": "+++090/9337/55493+++"}
DEBTOR = {
    "name": "Boulangerie Lejeune SRL",
    "lines": ["Rue Haute 12", "1000 Bruxelles"],
    "number": "0403.019.261",
}
LINES = [
    {"nature": "contributions", "quarter": QUARTER, "amount": D("12345.67"), "due_on": date(2026, 4, 30)},
    {
        "nature": "surcharge",
        "quarter": QUARTER,
        "amount": D("1234.57"),
        "base": D("12345.67"),
        "rate_pct": D("10"),
    },
    {
        "nature": "interest",
        "quarter": QUARTER,
        "amount": D("144.43"),
        "base": D("12345.67"),
        "rate_pct": D("7.00"),
        "from_on": date(2026, 5, 1),
        "until_on": date(2026, 6, 30),
    },
    {"nature": "payment", "quarter": QUARTER, "amount": D("-500.00"), "due_on": date(2026, 6, 15)},
]
DELEGATION = "décision du Comité de gestion du 03/02/2025"
TITLES = {
    "formal_notice": "Dernière mise en demeure ONSS-2026-000001",
    "roll": "Extrait du rôle spécial RS-2026-0007",
    "constraint": "Contrainte C-2026-000031",
    "erasure_certificate": "Certificat d’effacement CE-2031-0004",
    "rights_review": "Révision des droits d’accès, 3e trimestre 2026",
}


def samples() -> dict[str, dict]:
    """One complete example of each letter."""
    roll = {
        "dated": date(2026, 9, 1),
        "file_number": "ONSS-2026-000001",
        "roll_number": "RS-2026-0007",
        "debtor": DEBTOR,
        "lines": LINES,
        "drawn_on": date(2026, 8, 28),
        "drawn_by": "Anne Dubois",
        "enforceable": {
            "name": "Marc Peeters",
            "capacity": "Conseiller général",
            "delegation": DELEGATION,
            "on": date(2026, 9, 1),
        },
    }
    return copy.deepcopy(
        {
            "formal_notice": {
                "dated": date(2026, 7, 1),
                "file_number": "ONSS-2026-000001",
                "notice_number": "MD-2026-000042",
                "channel": "registered_paper",
                "addressee": DEBTOR,
                "lines": LINES,
                "payment": PAYMENT,
                "contest_address": [
                    "Direction du recouvrement",
                    "Place Victor Horta 11",
                    "1060 Bruxelles",
                ],
            },
            "roll": roll,
            "constraint": {
                "dated": date(2026, 9, 15),
                "file_number": "ONSS-2026-000001",
                "constraint_number": "C-2026-000031",
                "debtor": DEBTOR,
                "lines": LINES,
                "payment": PAYMENT,
                "roll": roll,
                "issued": {
                    "name": "Marc Peeters",
                    "capacity": "Conseiller général",
                    "delegation": DELEGATION,
                    "on": date(2026, 9, 15),
                },
                "court": "tribunal du travail francophone de Bruxelles",
                "processor": "Recouvra SA",
            },
            "erasure_certificate": {
                "dated": date(2031, 3, 2),
                "certificate_number": "CE-2031-0004",
                "institution": "onss",
                "unit_kind": "recovery_file",
                "unit_number": "ONSS-2026-000001",
                "ground": "Payé et intervention de l’huissier clôturée",
                "due_since": date(2031, 2, 1),
                "approvals": [
                    {"who": "U-0012", "capacity": "DPO", "at": datetime(2031, 3, 1, 9, tzinfo=UTC)},
                    {"who": "U-0015", "capacity": "Coordinateur", "at": datetime(2031, 3, 1, 15, tzinfo=UTC)},
                ],
                "erased": [
                    {"table": "recovery_cases_act", "rows": 7},
                    {"table": "recovery_cases_document", "rows": 4},
                    {"table": "recovery_cases_historicalrecoveryfile", "rows": 1204},
                ],
                "keys_destroyed": 1,
                "scan": {"at": datetime(2031, 3, 2, 2, tzinfo=UTC), "columns": 412, "hits": 0},
                "logical_on": date(2031, 3, 2),
                "keys_gone_on": date(2031, 3, 9),
                "backups_gone_on": date(2031, 4, 13),
                "manifest_sha256": hashlib.sha256(b"manifest").hexdigest(),
            },
            "rights_review": {
                "dated": date(2026, 10, 20),
                "review": "3e trimestre 2026",
                "opened": {"who": "An Willems", "on": date(2026, 9, 21)},
                "confirmed": {"who": "Paul Renard", "on": date(2026, 10, 20)},
                "groups": [
                    {
                        "plane": "Traitement",
                        "rows": [
                            {
                                "name": "Dubois Luc",
                                "section": "Bruxelles",
                                "right": "Gestionnaire de dossiers",
                                "first": date(2020, 1, 1),
                                "last": None,
                                "ends": False,
                                "by": "An Willems",
                            },
                            {
                                "name": "Peeters Mia",
                                "section": "Bruxelles",
                                "right": "Second signataire",
                                "first": date(2024, 1, 1),
                                "last": date(2026, 12, 31),
                                "ends": True,
                                "by": "An Willems",
                            },
                        ],
                    }
                ],
                "sha256": hashlib.sha256(b"lines").hexdigest(),
            },
        }
    )


def composed(template: str, language: str = "fr", **changes: object) -> bytes:
    data = {**samples()[template], **changes}
    return compose(template, data=data, language=language, title=TITLES[template])


def tags_of(pdf: bytes) -> list[str]:
    """The names of the structure tree, in reading order."""
    names: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                names.append(str(node.S).lstrip("/"))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot.K)
    return names


@pytest.mark.parametrize("template", LETTERS)
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_letter_is_tagged_titled_and_says_its_language(template, language):
    pdf = composed(template, language)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).split("-")[0] == language
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == TITLES[template]
            assert metadata["pdfuaid:part"] == "1"
        assert all("/FontFile2" in font or "/FontFile3" in font for font in _fonts(document))
    tags = tags_of(pdf)
    assert {"H1", "H2", "Table", "THead", "TH", "TD"} <= set(tags)


def _fonts(document):
    described = [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o]
    assert described
    return described


@pytest.mark.parametrize("template", LETTERS)
def test_the_same_data_give_the_same_bytes(template):
    assert composed(template) == composed(template)


def test_another_day_gives_another_file():
    assert composed("roll") != composed("roll", dated=date(2026, 9, 2))


def test_only_the_fonts_of_the_engine_are_used_so_that_no_machine_changes_a_letter():
    inside = {font.family.replace(" ", "") for font in typst.Fonts(include_system_fonts=False).fonts()}
    with pikepdf.open(io.BytesIO(composed("erasure_certificate"))) as document:
        names = [str(font.FontName).split("+")[-1] for font in _fonts(document)]
    assert all(any(name.startswith(family) for family in inside) for name in names)


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#eval("1+1") $x^2$',
        "*gras* _italique_ `code`",
        "= Titre",
        '"},"lines":[]',
        "<label> @ref // rien",
        "\\u{41} %(total)s {{ letter }}",
    ],
)
def test_what_a_party_is_called_is_printed_as_it_stands_and_never_read_as_markup(text):
    pdf = composed("formal_notice", addressee={"name": text, "lines": [text]})
    assert text_of(pdf).count(text) == 2
    assert "H1" in tags_of(pdf)
    assert tags_of(pdf).count("H1") == 1


def test_marks_that_turn_or_break_what_is_read_are_dropped():
    addressee = {"name": "Le\u202ejeune\nSRL\x00", "lines": ["Rue Haute\t12"]}
    text = text_of(composed("formal_notice", addressee=addressee))
    assert "Lejeune SRL" in text
    assert "Rue Haute 12" in text


def test_names_with_the_signs_of_europe_are_printed():
    name = "Ștefan Łukasz Çelik-Ångström d’Œuvre ß Ñ Ğ Ή Ж"
    assert name in text_of(composed("formal_notice", addressee={"name": name, "lines": ["Gent"]}))


def test_a_sign_no_font_can_print_refuses_the_letter_without_repeating_the_name():
    with pytest.raises(LetterError) as refused:
        composed("formal_notice", addressee={"name": "名前 Dupont", "lines": ["Gent"]})
    assert refused.value.code == "letter.unprintable"
    assert "Dupont" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_layouts_read_nothing_but_each_other_and_hold_no_code_from_outside():
    sources = sorted(FOLDER.glob("*.typ"))
    assert {path.stem for path in sources} >= set(LETTERS)
    for path in sources:
        text = path.read_text()
        assert not any(word in text for word in ("eval(", "read(", "@preview", "@local", "plugin(", "cbor("))


def test_the_engine_itself_cannot_leave_the_folder_of_layouts(tmp_path):
    (tmp_path / "out.typ").write_text('#read("/../../manage.py")')
    with pytest.raises(typst.TypstError):
        typst.compile(tmp_path / "out.typ", root=tmp_path, ignore_system_fonts=True, format="pdf")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_amounts_are_written_the_way_of_the_language(language):
    text = text_of(composed("formal_notice", language))
    for amount in ("12345.67", "1234.57", "144.43", "-500.00", "13224.67"):
        assert " ".join(money_text(D(amount), language).split()) in text


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_word_of_a_letter_comes_from_the_catalogue_of_its_language(language, monkeypatch):
    asked = set()

    def translated(message):
        asked.add(translation.get_language())
        return f"◆{message}"

    for module in (
        "clauses",
        "wording",
        "formal_notice",
        "roll",
        "constraint",
        "erasure_certificate",
        "rights_review",
    ):
        monkeypatch.setattr(f"secal.office.letters.{module}._", translated)
    for template in LETTERS:
        _source, inputs = prepared(template, data=samples()[template], language=language, title="Titre")
        assert '"heading": "◆' in inputs["letter"]
        assert '"heading": "' not in inputs["letter"].replace('"heading": "◆', "")
    assert asked == {language}


def test_a_language_without_letters_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="language"):
        composed("roll", "it")


def test_composing_leaves_the_language_of_the_screen_alone():
    with translation.override("nl"):
        composed("roll", "fr")
        assert translation.get_language() == "nl"


@pytest.mark.obligation("17/006 §4")
def test_the_notice_carries_the_compulsory_clause_both_explanations_and_its_version():
    text = text_of(composed("formal_notice"))
    with translation.override("fr"):
        for clause in (clauses.NOTICE_CLAUSE, *clauses.HOW_TO_CONTEST, *clauses.HOW_TO_ASK_FOR_TERMS):
            assert " ".join(clause.split()) in text
    assert clause_version("formal_notice") in text
    assert clause_version("roll") == ""


@pytest.mark.parametrize(
    ("template", "version", "texts", "digest"),
    [
        (
            "formal_notice",
            "2019-06-17/1",
            (clauses.NOTICE_CLAUSE, *clauses.HOW_TO_CONTEST, *clauses.HOW_TO_ASK_FOR_TERMS),
            "c64a9faa45cd2f1e",
        ),
        (
            "constraint",
            "2019-06-17/1",
            (clauses.ORDER_TO_PAY, clauses.COSTS_AND_PART_PAYMENTS, *clauses.OPPOSITION),
            "181cc542b6ca35cf",
        ),
    ],
)
def test_a_clause_that_changes_needs_a_new_version(template, version, texts, digest):
    words = "\n".join((clauses.LEGAL_BASIS, clauses.CONTROLLER, clauses.PROCESSOR, *texts))
    assert clause_version(template) == version
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == digest


def test_number_of_the_file_and_structured_communication_stand_on_every_page():
    pages = pages_of(composed("constraint"))
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        assert "ONSS-2026-000001" in page
        assert "+++090/9337/55493+++" in page
        assert f"Page {number} sur {len(pages)}" in page


@pytest.mark.obligation("17/006 §4")
def test_the_constraint_holds_order_justification_and_copy_of_the_enforceable_roll():
    pages = pages_of(composed("constraint"))
    text = " ".join(pages)
    assert "vingt-quatre heures" in text
    assert "7 % l’an sur 12 345,67 €, du 01/05/2026 au 30/06/2026" in text
    assert "10 % de 12 345,67 €" in text
    assert "tribunal du travail francophone de Bruxelles" in text
    annex = pages[-1]
    assert "Annexe" in annex
    assert all(part in annex for part in ("RS-2026-0007", "Marc Peeters", DELEGATION, "Anne Dubois"))


@pytest.mark.obligation("17/006 §14")
def test_the_constraint_names_controller_and_processor():
    text = text_of(composed("constraint"))
    assert "responsable du traitement" in text
    assert "Recouvra SA, concessionnaire" in text
    assert "sous-traitant" in text


@pytest.mark.obligation("17/006 §3")
def test_the_roll_says_who_made_it_enforceable_in_which_capacity_and_under_which_act():
    text = text_of(composed("roll"))
    for part in ("Marc Peeters", "Conseiller général", DELEGATION, "01/09/2026", "Anne Dubois"):
        assert part in text


@pytest.mark.parametrize("template", ["formal_notice", "roll", "constraint"])
def test_odd_cents_add_up_to_the_total_that_is_printed(template):
    amounts = [D("0.01") * n for n in (1, 3, 7, 11, 13, 17, 19, 8)]
    lines = [{"nature": "contributions", "quarter": QUARTER, "amount": amount} for amount in amounts]
    text = text_of(composed(template, lines=lines))
    assert "Total 0,79 €" in text


def test_a_table_longer_than_a_page_repeats_its_header_and_tags_it_once():
    lines = [
        {"nature": "contributions", "quarter": date(1990 + n // 4, 1 + 3 * (n % 4), 1), "amount": D("10.01")}
        for n in range(120)
    ]
    pdf = composed("formal_notice", lines=lines)
    with_lines = [page for page in pages_of(pdf) if "10,01 €" in page]
    assert len(with_lines) >= 3
    assert all("Nature et calcul" in page for page in with_lines)
    assert tags_of(pdf).count("TH") == 3
    assert "Total 1 201,20 €" in text_of(pdf)


@pytest.mark.parametrize(
    ("template", "part", "empty"),
    [
        ("formal_notice", "addressee", {"name": "Lejeune", "lines": [" "]}),
        ("formal_notice", "addressee", {"name": " ", "lines": ["Rue Haute 12"]}),
        ("formal_notice", "lines", []),
        ("formal_notice", "payment", {**PAYMENT, "iban": ""}),
        ("formal_notice", "payment", None),
        ("formal_notice", "contest_address", []),
        ("formal_notice", "file_number", ""),
        ("roll", "lines", []),
        ("roll", "debtor", None),
        ("roll", "drawn_by", ""),
        ("roll", "enforceable", None),
        ("constraint", "roll", None),
        ("constraint", "lines", []),
        ("constraint", "court", ""),
        ("constraint", "processor", " "),
        ("constraint", "issued", None),
        ("constraint", "payment", {}),
        ("erasure_certificate", "approvals", []),
        ("erasure_certificate", "erased", []),
        ("erasure_certificate", "ground", ""),
        ("erasure_certificate", "manifest_sha256", ""),
    ],
)
def test_a_letter_without_a_mandatory_part_is_refused(template, part, empty):
    with pytest.raises(LetterError) as refused:
        composed(template, **{part: empty})
    assert refused.value.code == "letter.part_missing"
    with translation.override("fr"):
        assert "il manque" in str(refused.value)


@pytest.mark.parametrize("key", ["name", "capacity", "delegation", "on"])
@pytest.mark.parametrize(("template", "part"), [("roll", "enforceable"), ("constraint", "issued")])
def test_whoever_signs_is_named_with_capacity_act_and_day(template, part, key):
    with pytest.raises(LetterError) as refused:
        composed(template, **{part: {**samples()[template][part], key: ""}})
    assert refused.value.code == "letter.part_missing"


def test_the_copy_in_a_constraint_is_of_an_enforceable_roll_with_its_lines():
    for part in ("enforceable", "lines"):
        with pytest.raises(LetterError) as refused:
            composed("constraint", roll={**samples()["roll"], part: None})
        assert refused.value.code == "letter.part_missing"


def test_a_constraint_is_never_older_than_its_enforceable_roll():
    with pytest.raises(LetterError) as refused:
        composed("constraint", dated=date(2026, 8, 31))
    assert refused.value.code == "letter.roll_later"


def test_a_letter_that_claims_nothing_is_refused():
    lines = [LINES[0], {"nature": "payment", "amount": D("-12345.67")}]
    with pytest.raises(LetterError) as refused:
        composed("formal_notice", lines=lines)
    assert refused.value.code == "letter.nothing_owed"


def test_an_amount_finer_than_a_cent_is_refused():
    with pytest.raises(LetterError) as refused:
        composed("roll", lines=[{"nature": "interest", "amount": D("10.005")}])
    assert refused.value.code == "letter.amount_not_in_cents"


@pytest.mark.parametrize("line", [("payment", "5.00"), ("contributions", "-5.00")])
def test_only_payments_are_negative(line):
    with pytest.raises(ValueError, match="negative"):
        composed("roll", lines=[*LINES, {"nature": line[0], "amount": D(line[1])}])


@pytest.mark.parametrize("wrong", [{"iban": "BE68539007547035"}, {"communication": "+++090/9337/55494+++"}])
def test_a_wrong_account_or_communication_is_never_printed(wrong):
    with pytest.raises(IdentifierError):
        composed("formal_notice", payment={**PAYMENT, **wrong})


@pytest.mark.obligation("17/006 §15")
def test_the_certificate_states_rows_keys_search_and_its_three_dates():
    data = samples()["erasure_certificate"]
    text = text_of(composed("erasure_certificate"))
    for part in (
        "1 204",
        "Total 1 215",
        "412",
        "02/03/2031",
        "09/03/2031",
        "13/04/2031",
        data["manifest_sha256"],
    ):
        assert part in text
    assert all(approval["who"] in text for approval in data["approvals"])


def test_what_left_a_trace_is_not_certified():
    scan = {**samples()["erasure_certificate"]["scan"], "hits": 1}
    with pytest.raises(LetterError) as refused:
        composed("erasure_certificate", scan=scan)
    assert refused.value.code == "letter.residue"


def test_one_person_alone_certifies_no_erasure():
    approval = samples()["erasure_certificate"]["approvals"][0]
    with pytest.raises(LetterError) as refused:
        composed("erasure_certificate", approvals=[approval, approval])
    assert refused.value.code == "letter.one_approver"


def test_the_three_dates_of_an_erasure_follow_each_other():
    with pytest.raises(LetterError) as refused:
        composed("erasure_certificate", keys_gone_on=date(2031, 3, 1))
    assert refused.value.code == "letter.dates_disordered"


def test_the_folder_of_layouts_belongs_to_the_project():
    assert Path(settings.ROOT) / "templates" / "letters" == FOLDER
