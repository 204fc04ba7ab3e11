"""Receipts that wait: paid without communication, or with one of no file."""

from datetime import timedelta
from decimal import Decimal

from secal.config.demo.seed.bank import settled_on
from secal.config.demo.seed.story import World
from secal.kernel.identifiers import make_ogm
from secal.ledger.models import WaitingReason

STRAY_BOOK_NUMBER = 1_900_000_000
"""Far above every book: valid check digits, no file."""
WORDS = ("pension alimentaire octobre", "alimentatie november", "Unterhalt", "loyer", "pour les enfants")


def payments_of_strangers(world: World, count: int) -> None:
    """So many receipts of the last two weeks, each with the reason why nobody could match it."""
    chance, inventor = world.chance, world.inventor
    for number in range(count):
        day = settled_on(world.today - timedelta(days=chance.randint(2, 14)), world.today)
        language = inventor.language()
        payer = inventor.person(
            language,
            woman=chance.random() < 0.3,
            born=(world.today.replace(year=1972, day=1), world.today.replace(year=2001, day=1)),
        )
        stray = number % 3 == 2
        world.statements.received(
            day or world.today,
            Decimal(chance.randrange(50, 400, 10)),
            receipt=inventor.uuid(),
            book=None,
            ogm=make_ogm(STRAY_BOOK_NUMBER + number) if stray else "",
            name=f"{payer.given_name} {payer.family_name}",
            iban=inventor.iban(),
            words="" if stray else chance.choice(WORDS),
            reason=(WaitingReason.UNKNOWN_COMMUNICATION if stray else WaitingReason.NO_COMMUNICATION).value,
        )
