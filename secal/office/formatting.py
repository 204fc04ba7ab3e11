"""How amounts, dates and distances are written, in the four languages. "Today" is an argument.

Used by the template tags of this room, by exports and by letters: one amount is never written in two ways.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

BRUSSELS = ZoneInfo("Europe/Brussels")
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
EMPTY = "\N{EN DASH}"
CENT = Decimal("0.01")

# (thousands, decimal) of each screen language; an unknown language is written as the source language.
SEPARATORS = {"fr": (NBSP, ","), "nl": (".", ","), "de": (".", ","), "en": (",", ".")}
SOURCE_LANGUAGE = "fr"

DAYS_COUNTED_AS_DAYS = 60
DAYS_COUNTED_AS_MONTHS = 730
DAYS_PER_MONTH = 30.44
DAYS_PER_YEAR = 365.25


def money_text(amount: Decimal | int | None, language: str | None = None, *, sign: bool = False) -> str:
    """An amount in euro: ``1 234,56 €`` (fr), ``€ 1.234,56`` (nl, de), ``€1,234.56`` (en), unbreakable.

    The minus leads everything, as a real minus sign. `sign` also writes the plus. None is a dash, not a zero.
    """
    if amount is None:
        return EMPTY
    code = _language(language)
    cents = Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP)
    digits = _grouped(f"{abs(cents):.2f}", code)
    lead = MINUS if cents < 0 else "+" if sign and cents > 0 else ""
    if code == "fr":
        return f"{lead}{digits}{NBSP}€"
    if code == "en":
        return f"{lead}€{digits}"
    return f"{lead}€{NBSP}{digits}"


def number_text(number: Decimal | int | None, language: str | None = None) -> str:
    """A count with the thousands of the language; decimals as given."""
    if number is None:
        return EMPTY
    digits = str(abs(number)) if isinstance(number, int) else format(abs(number), "f")
    text = _grouped(digits, _language(language))
    return f"{MINUS}{text}" if number < 0 else text


def percent_text(ratio: Decimal | None, language: str | None = None) -> str:
    """A ratio as whole per cent: 0.7 is ``70 %`` (``70%`` in English)."""
    if ratio is None:
        return EMPTY
    whole = (ratio * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    gap = "" if _language(language) == "en" else NBSP
    return f"{number_text(int(whole), language)}{gap}%"


def date_text(day: date | datetime | None) -> str:
    """``14/12/2026``; a moment is first put on the Brussels clock."""
    if day is None:
        return EMPTY
    return as_date(day).strftime("%d/%m/%Y")


def datetime_text(moment: datetime | date | None) -> str:
    """``14/12/2026 09:14``, Brussels time; a plain date stays a date."""
    if not isinstance(moment, datetime):
        return date_text(moment)
    return _brussels(moment).strftime("%d/%m/%Y %H:%M")


def month_text(day: date | None, language: str | None = None) -> str:
    """``décembre 2026``."""
    if day is None:
        return EMPTY
    with translation.override(_language(language)):
        return formats.date_format(day, "F Y", use_l10n=False)


def of_month_text(day: date | None, language: str | None = None) -> str:
    """``d’octobre 2026``: a month inside a sentence. In the other languages, which do not elide, the sentence
    has its own preposition."""
    text = month_text(day, language)
    if _language(language) != SOURCE_LANGUAGE:
        return text
    return f"d’{text}" if text.startswith(("a", "o")) else f"de {text}"


def short_month_text(day: date, language: str | None = None) -> str:
    """Name of the month short enough for an axis: ``déc.``, ``dec``."""
    with translation.override(_language(language)):
        return formats.date_format(day, "N", use_l10n=False)


def distance_text(day: date | datetime | None, *, on: date) -> str:
    """How far `day` lies from `on`: "dans 9 jours", "aujourd’hui", "il y a 3 jours"."""
    if day is None:
        return ""
    days = (as_date(day) - on).days
    near = {0: _("aujourd’hui"), 1: _("demain"), -1: _("hier")}
    if days in near:
        return near[days]
    span = span_text(abs(days))
    return _("dans %(span)s") % {"span": span} if days > 0 else _("il y a %(span)s") % {"span": span}


def overdue_text(day: date | datetime, *, on: date) -> str:
    """How late something due on `day` is: "en retard de 3 jours". Empty when it is not late."""
    days = (on - as_date(day)).days
    return _("en retard de %(span)s") % {"span": span_text(days)} if days > 0 else ""


def span_text(days: int) -> str:
    """A length of time in its largest honest unit: days up to two months, then months, then years."""
    if days <= DAYS_COUNTED_AS_DAYS:
        return _counted(lambda n: ngettext("%(n)d jour", "%(n)d jours", n), days)
    if days <= DAYS_COUNTED_AS_MONTHS:
        return _counted(lambda n: ngettext("%(n)d mois", "%(n)d mois", n), round(days / DAYS_PER_MONTH))
    return _counted(lambda n: ngettext("%(n)d an", "%(n)d ans", n), round(days / DAYS_PER_YEAR))


def as_date(day: date | datetime) -> date:
    """The calendar day in Brussels."""
    return _brussels(day).date() if isinstance(day, datetime) else day


def _brussels(moment: datetime) -> datetime:
    return moment.astimezone(BRUSSELS) if moment.tzinfo else moment


def _counted(words: Callable[[int], str], number: int) -> str:
    return words(number) % {"n": number}


def _language(language: str | None) -> str:
    code = (language or translation.get_language() or SOURCE_LANGUAGE)[:2]
    return code if code in SEPARATORS else SOURCE_LANGUAGE


def _grouped(digits: str, code: str) -> str:
    thousands, point = SEPARATORS[code]
    whole, _dot, rest = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    return f"{grouped}{point}{rest}" if rest else grouped
