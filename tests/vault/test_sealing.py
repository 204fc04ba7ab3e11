"""A sealed value opens in its own place, with its own key, and nowhere else."""

import uuid

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from secal.access.unit_of_work import service_work
from secal.people.models import Person
from secal.vault import keystore
from secal.vault.blind_index import blind_index
from secal.vault.sealing import Place, SealBroken, Sealed, open_sealed, seal, seal_with
from tests.registering import imported

pytestmark = pytest.mark.django_db
NISS = "85073003328"


def _person(niss: str = NISS) -> Person:
    person = Person(
        key_id=keystore.create_key("person"), given_name="Els", family_name="Test", search_name="els test"
    )
    person.seal_value("niss", niss)
    person.save()
    imported(person)
    return person


def test_a_sealed_value_opens_after_a_round_trip() -> None:
    person = Person.objects.get(pk=_person().pk)
    assert person.open_value("niss") == NISS


def test_a_sealed_value_shows_nothing_by_itself() -> None:
    person = Person.objects.get(pk=_person().pk)
    assert NISS not in f"{person.niss} {person.niss!r} {person.__dict__}"


def test_a_plain_text_cannot_be_stored_in_a_sealed_field() -> None:
    person = _person()
    person.niss = NISS
    with pytest.raises(TypeError, match="sealed"):
        person.save()


def test_history_holds_the_same_ciphertext() -> None:
    person = _person()
    assert bytes(person.history.get().niss) == bytes(person.niss)


@pytest.mark.obligation("17/006 §20")
def test_no_table_holds_the_value_in_clear() -> None:
    _person()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p::text FROM people_person p UNION ALL SELECT h::text FROM people_historicalperson h"
        )
        text = "".join(row[0] for row in cursor.fetchall())
    assert NISS.encode().hex() not in text
    assert NISS not in text


@pytest.mark.parametrize("column", ["table", "column", "row"])
def test_a_ciphertext_moved_elsewhere_does_not_open(column: str) -> None:
    home = Place(table="people_person", column="niss", row=uuid.uuid4())
    sealed = seal(NISS.encode(), key_id=keystore.create_key("person"), place=home)
    moved = {"table": "other", "column": "address", "row": uuid.uuid4()}[column]
    elsewhere = Place(**{"table": home.table, "column": home.column, "row": home.row, column: moved})
    with pytest.raises(SealBroken):
        open_sealed(sealed, elsewhere)


def test_two_persons_ciphertexts_cannot_be_swapped() -> None:
    first, second = _person(), _person("93051822361")
    first.niss, second.niss = second.niss, first.niss
    with pytest.raises(SealBroken):
        first.open_value("niss")


def test_a_destroyed_key_loses_the_value_and_its_history(django_user_model: object) -> None:
    person = _person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('secal_eraser', 'keystore.data_key', 'DELETE')")
        assert cursor.fetchone()[0]
        cursor.execute("SELECT has_table_privilege('secal_app', 'keystore.data_key', 'DELETE')")
        assert not cursor.fetchone()[0]
    person.niss = Sealed(bytes([1]) + uuid.uuid4().bytes + bytes(person.niss)[17:])
    with pytest.raises(keystore.KeyUnavailable):
        person.open_value("niss")


def test_keys_of_many_rows_are_fetched_in_one_query(django_assert_num_queries: object) -> None:
    people = [_person(f"niss-{number}") for number in range(10)]
    with service_work("seed"), django_assert_num_queries(1):  # type: ignore[operator]
        keystore.open_keys([person.key_id for person in people])
        assert [person.open_value("niss") for person in people] == [f"niss-{number}" for number in range(10)]


@given(value=st.binary(min_size=1, max_size=300), flip=st.integers(min_value=0))
def test_every_altered_byte_is_noticed(value: bytes, flip: int) -> None:
    key_id, place = uuid.uuid4(), Place("t", "c", uuid.uuid4())
    key, _wrapped = keystore.new_key_material(key_id)
    sealed = bytearray(seal_with(key, key_id, value, place))
    position = 17 + flip % (len(sealed) - 17)
    sealed[position] ^= 1
    with keystore.keys_remembered():
        keystore._opened.get()[key_id] = key  # type: ignore[index]
        with pytest.raises(SealBroken):
            open_sealed(Sealed(sealed), place)


def test_blind_indexes_of_two_columns_cannot_be_linked() -> None:
    assert blind_index("person.niss", NISS) != blind_index("user.niss", NISS)
    assert blind_index("person.niss", NISS) == blind_index("person.niss", NISS)
