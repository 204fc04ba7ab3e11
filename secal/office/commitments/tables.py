"""What was accepted, as a table; and one commitment, fact by fact."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from secal.access.models import Commitment, CommitmentKind
from secal.office.formatting import date_text, datetime_text

LANGUAGE_NAMES = dict(settings.LANGUAGES)


def given(commitments: Sequence[Commitment]) -> dict[str, Any]:
    """One line a commitment; each leads to its text."""
    return {
        "caption": _("Ce que vous avez accepté"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Texte")},
            {"label": _("Version du"), "kind": "date"},
            {"label": _("Lu en")},
            {"label": _("Accepté le"), "kind": "text"},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": CommitmentKind(one.kind).label,
                        "url": reverse("commitments:text", args=[one.pk]),
                    },
                    one.version,
                    LANGUAGE_NAMES[one.language],
                    datetime_text(one.given_at),
                ]
            }
            for one in commitments
        ],
    }


def facts(commitment: Commitment) -> list[dict[str, Any]]:
    """When, which text exactly, and proven how."""
    rows = [
        {"label": _("Version en vigueur à partir du"), "value": date_text(commitment.version)},
        {"label": _("Lu en"), "value": LANGUAGE_NAMES[commitment.language]},
        {"label": _("Accepté le"), "value": datetime_text(commitment.given_at)},
        {"label": _("Empreinte du texte (SHA-256)"), "value": bytes(commitment.text_digest).hex()},
    ]
    if commitment.acr:
        rows.append({"label": _("Niveau de la connexion"), "value": commitment.acr})
    return rows
