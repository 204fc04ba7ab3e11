"""Bank statements are read whole or refused, with the place that is wrong and what to do."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.identifiers import make_ogm
from secal.ledger import camt053
from secal.ledger.camt053 import Movement
from secal.ledger.errors import StatementRefused
from tests.ledger.statements import DAY, OFFICE, VERSIONS, Batch, Transfer, faults, statement

OGM = make_ogm(1000000001)
OTHER = make_ogm(1000000002)
PAYER = "BE71096123456769"


def written(ogm: str, mark: str = "+++") -> str:
    return f"{mark}{ogm[:3]}/{ogm[3:7]}/{ogm[7:]}{mark}"


def movements(content: bytes) -> tuple[Movement, ...]:
    (found,) = camt053.read(content, accounts={OFFICE}).statements
    return found.movements


def refusal(content: bytes) -> StatementRefused:
    with pytest.raises(StatementRefused) as refused:
        camt053.read(content, accounts={OFFICE})
    return refused.value


@pytest.mark.parametrize("version", VERSIONS)
def test_the_statement_writer_holds_to_the_published_schema(version: str) -> None:
    content = statement(
        Transfer(Decimal("175.00"), "Tom Maes", PAYER, ogm=OGM),
        Transfer(Decimal("12.30"), "Tom Maes", PAYER, text="pension"),
        Batch((Transfer(Decimal("-3.00"), "Els", PAYER, end_to_end_id="E1"), Transfer(Decimal("-4.00")))),
        Transfer(Decimal("7.00"), end_to_end_id="E1", return_code="AC04"),
        version=version,
    )
    assert faults(content, version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_transfer_is_read_in_both_versions(version: str) -> None:
    content = statement(
        Transfer(
            Decimal("175.10"), "Tom Maes", PAYER, ogm=OGM, end_to_end_id="T-1", value_on=date(2026, 11, 19)
        ),
        version=version,
    )
    file = camt053.read(content, accounts={OFFICE})
    (found,) = file.statements
    assert len(file.sha256) == 64
    assert (found.opening, found.closing, found.until_on, found.from_on) == (
        Decimal("1000.00"),
        Decimal("1175.10"),
        DAY,
        DAY,
    )
    (one,) = found.movements
    assert (one.amount, one.ogm, one.ogm_fault) == (Decimal("175.10"), OGM, "")
    assert (one.booked_on, one.value_on) == (DAY, date(2026, 11, 19))
    assert (one.remitter_name, one.remitter_iban, one.end_to_end_id) == ("Tom Maes", PAYER, "T-1")


@pytest.mark.parametrize("mark", ["+++", "***"])
def test_a_communication_typed_in_the_free_text_is_found(mark: str) -> None:
    (one,) = movements(statement(Transfer(Decimal("1.00"), text=f"pension {written(OGM, mark)} merci")))
    assert (one.ogm, one.ogm_fault) == (OGM, "")
    assert one.remittance == f"pension {written(OGM, mark)} merci"


@pytest.mark.parametrize(
    ("transfer", "fault"),
    [
        (Transfer(Decimal("1.00"), text="pension de novembre"), "no_communication"),
        (Transfer(Decimal("1.00")), "no_communication"),
        (Transfer(Decimal("1.00"), text=written("123456789099")), "wrong_check_digits"),
        (Transfer(Decimal("1.00"), ogm=OGM, text=written(OTHER)), "several_communications"),
    ],
)
def test_a_payers_own_mistake_lets_the_receipt_wait(transfer: Transfer, fault: str) -> None:
    (one,) = movements(statement(transfer))
    assert (one.ogm, one.ogm_fault) == ("", fault)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_batch_gives_one_movement_for_each_transaction(version: str) -> None:
    batch = Batch(
        (Transfer(Decimal("-3.00"), end_to_end_id="E1"), Transfer(Decimal("-4.00"), end_to_end_id="E2"))
    )
    first, second, third = movements(statement(batch, Transfer(Decimal("9.00")), version=version))
    assert [(one.line, one.amount, one.end_to_end_id) for one in (first, second, third)] == [
        (1, Decimal("-3.00"), "E1"),
        (2, Decimal("-4.00"), "E2"),
        (3, Decimal("9.00"), ""),
    ]


def test_a_returned_payment_carries_its_reason() -> None:
    (one,) = movements(statement(Transfer(Decimal("7.00"), end_to_end_id="E1", return_code="AC04")))
    assert one.return_code == "AC04"


def test_an_empty_day_is_a_statement() -> None:
    assert movements(statement()) == ()


def without(path: bytes) -> Callable[[bytes], bytes]:
    """Cut the first element of this name out of the file's first movement."""

    def cut(content: bytes) -> bytes:
        head, mark, tail = content.partition(b"<Ntry>")
        start = tail.index(b"<" + path)
        end = tail.index(b"</" + path + b">", start) + len(path) + 3
        return head + mark + tail[:start] + tail[end:]

    return cut


def changed(before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert before in content
        return content.replace(before, after)

    return change


def in_movement(before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        head, mark, tail = content.partition(b"<Ntry>")
        assert before in tail
        return head + mark + tail.replace(before, after, 1)

    return change


@pytest.mark.parametrize(
    ("spoil", "code", "line"),
    [
        (without(b"Amt"), "statement.element_missing", 1),
        (without(b"BookgDt"), "statement.element_missing", 1),
        (without(b"ValDt"), "statement.element_missing", 1),
        (without(b"CdtDbtInd"), "statement.element_missing", 1),
        (in_movement(b"175.00", b"cent"), "statement.amount", 1),
        (in_movement(b"175.00", b"0.00"), "statement.amount", 1),
        (in_movement(b"175.00", b"175.001"), "statement.amount", 1),
        (in_movement(b"175.00", b"1e3"), "statement.amount", 1),
        (in_movement(b"175.00", b""), "statement.amount", 1),
        (in_movement(b"CRDT", b"PLUS"), "statement.sign", 1),
        (in_movement(b"2026-11-20", b"2026-11-31"), "statement.date", 1),
        (in_movement(b"2026-11-20", b"20/11/2026"), "statement.date", 1),
        (in_movement(b'Ccy="EUR"', b'Ccy="USD"'), "statement.currency", 1),
        (in_movement(b"BOOK", b"PDNG"), "statement.not_booked", 1),
        (in_movement(OGM.encode(), OGM[:10].encode() + b"00"), "statement.communication", 1),
        (in_movement(b"CRDT", b"DBIT"), "statement.sums", 0),
        (in_movement(b"175.00", b"174.99"), "statement.sums", 0),
        (changed(b"<Ccy>EUR</Ccy>", b"<Ccy>USD</Ccy>"), "statement.currency", 0),
        (changed(b"<Cd>CLBD</Cd>", b"<Cd>CLAV</Cd>"), "statement.balance_missing", 0),
        (changed(b"<Cd>OPBD</Cd>", b"<Cd>OPAV</Cd>"), "statement.balance_missing", 0),
        (changed(b"<NbOfNtries>1</NbOfNtries>", b"<NbOfNtries>2</NbOfNtries>"), "statement.count", 0),
        (changed(OFFICE.encode(), b"BE71096123456769"), "statement.other_account", 0),
        (changed(b"camt.053.001.02", b"camt.053.001.04"), "statement.other_format", 0),
        (changed(b"camt.053.001.02", b"camt.054.001.02"), "statement.other_format", 0),
        (changed(b"</Document>", b""), "statement.not_xml", 0),
        (lambda content: b"", "statement.empty", 0),
        (lambda content: b"x" * (camt053.LARGEST_FILE + 1), "statement.too_large", 0),
    ],
)
def test_what_cannot_be_read_refuses_the_file(spoil: Callable[[bytes], bytes], code: str, line: int) -> None:
    good = statement(Transfer(Decimal("175.00"), "Tom Maes", PAYER, ogm=OGM))
    refused = refusal(spoil(good))
    assert (refused.code, refused.line) == (code, line)
    assert refused.where
    assert str(refused.remedy)
    assert str(refused.remedy) in refused.text()


def test_the_refusal_names_the_line_the_element_the_value_and_the_remedy() -> None:
    good = statement(Transfer(Decimal("5.00")), Transfer(Decimal("175.00")))
    refused = refusal(good.replace(b"175.00</Amt>", b"17x.00</Amt>"))
    assert refused.line == 2
    assert refused.where == "BkToCstmrStmt/Stmt/Ntry/Amt"
    assert refused.understood == "17x.00"
    assert "Mouvement 2" in refused.text()
    assert "17x.00" in refused.text()


def test_details_that_do_not_add_up_to_their_entry_refuse_the_file() -> None:
    batch = Batch((Transfer(Decimal("-3.00")), Transfer(Decimal("-4.00"))))
    content = statement(batch).replace(b'<Amt Ccy="EUR">3.00</Amt>', b'<Amt Ccy="EUR">2.00</Amt>')
    assert refusal(content).code == "statement.details_sum"


def test_a_statement_that_declares_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE Document [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    good = statement(Transfer(Decimal("5.00"), text="pension"))
    head, _, rest = good.partition(b"\n")
    assert refusal(head + bomb + rest.replace(b"pension", b"&b;")).code == "statement.declares_entities"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    assert refusal(content).text()


@given(
    amounts=st.lists(
        st.decimals(min_value="-99999.99", max_value="99999.99", places=2).filter(lambda amount: amount != 0),
        max_size=8,
    ),
    version=st.sampled_from(VERSIONS),
)
def test_what_the_bank_writes_is_what_is_read(amounts: list[Decimal], version: str) -> None:
    content = statement(*(Transfer(amount) for amount in amounts), version=version)
    assert [one.amount for one in movements(content)] == amounts
    assert faults(content, version) == []


def test_movements_that_do_not_lead_to_the_closing_balance_refuse_the_file() -> None:
    good = statement(Transfer(Decimal("175.00")), Transfer(Decimal("5.00")))
    before, _, rest = good.partition(b"<TxsSummry>")
    bare = before + rest.partition(b"</TxsSummry>")[2]
    assert len(movements(bare)) == 2
    refused = refusal(bare.replace(b">5.00<", b">4.99<"))
    assert (refused.code, refused.understood) == ("statement.sums", "1180.00 ≠ 1179.99")
