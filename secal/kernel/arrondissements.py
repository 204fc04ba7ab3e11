"""The judicial arrondissements of Belgium (Judicial Code, annex) and the labour court of each.

Names are French source strings; an interface or a letter translates them.
"""

from __future__ import annotations

from enum import StrEnum

from secal.kernel.errors import gettext_noop


class Arrondissement(StrEnum):
    ANTWERPEN = "antwerpen"
    BRABANT_WALLON = "brabant_wallon"
    BRUXELLES = "bruxelles"
    EUPEN = "eupen"
    HAINAUT = "hainaut"
    LEUVEN = "leuven"
    LIEGE = "liege"
    LIMBURG = "limburg"
    LUXEMBOURG = "luxembourg"
    NAMUR = "namur"
    OOST_VLAANDEREN = "oost_vlaanderen"
    WEST_VLAANDEREN = "west_vlaanderen"


NAMES: dict[Arrondissement, str] = {
    Arrondissement.ANTWERPEN: gettext_noop("Anvers"),
    Arrondissement.BRABANT_WALLON: gettext_noop("Brabant wallon"),
    Arrondissement.BRUXELLES: gettext_noop("Bruxelles"),
    Arrondissement.EUPEN: gettext_noop("Eupen"),
    Arrondissement.HAINAUT: gettext_noop("Hainaut"),
    Arrondissement.LEUVEN: gettext_noop("Louvain"),
    Arrondissement.LIEGE: gettext_noop("Liège"),
    Arrondissement.LIMBURG: gettext_noop("Limbourg"),
    Arrondissement.LUXEMBOURG: gettext_noop("Luxembourg"),
    Arrondissement.NAMUR: gettext_noop("Namur"),
    Arrondissement.OOST_VLAANDEREN: gettext_noop("Flandre orientale"),
    Arrondissement.WEST_VLAANDEREN: gettext_noop("Flandre occidentale"),
}

_ANTWERP = gettext_noop("Tribunal du travail d’Anvers")
_GHENT = gettext_noop("Tribunal du travail de Gand")
_LIEGE = gettext_noop("Tribunal du travail de Liège")
_BRUSSELS_FRENCH = gettext_noop("Tribunal du travail francophone de Bruxelles")
_BRUSSELS_DUTCH = gettext_noop("Tribunal du travail néerlandophone de Bruxelles")

_COURTS: dict[Arrondissement, str] = {
    Arrondissement.ANTWERPEN: _ANTWERP,
    Arrondissement.BRABANT_WALLON: gettext_noop("Tribunal du travail du Brabant wallon"),
    Arrondissement.EUPEN: gettext_noop("Tribunal du travail d’Eupen"),
    Arrondissement.HAINAUT: gettext_noop("Tribunal du travail du Hainaut"),
    Arrondissement.LEUVEN: gettext_noop("Tribunal du travail de Louvain"),
    Arrondissement.LIEGE: _LIEGE,
    Arrondissement.LIMBURG: _ANTWERP,
    Arrondissement.LUXEMBOURG: _LIEGE,
    Arrondissement.NAMUR: _LIEGE,
    Arrondissement.OOST_VLAANDEREN: _GHENT,
    Arrondissement.WEST_VLAANDEREN: _GHENT,
}


def labour_court(arrondissement: str, *, language: str) -> str:
    """The labour court that hears an opposition of a debtor established there (L 27-06-1969, art. 40 §5).

    Brussels has one court a language: the Dutch-speaking one for Dutch, the French-speaking one otherwise.
    Raises ValueError for a code that is no arrondissement.
    """
    place = Arrondissement(arrondissement)
    if place is Arrondissement.BRUXELLES:
        return _BRUSSELS_DUTCH if language == "nl" else _BRUSSELS_FRENCH
    return _COURTS[place]
