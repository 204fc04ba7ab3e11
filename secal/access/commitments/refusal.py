"""Words of the refusal of somebody who has not committed themselves yet, for the policy and the gate."""

from django.utils.translation import gettext_lazy as _

REASON = "commitment_missing"
MESSAGE = _(
    "Vous n’avez pas encore pris vos engagements dans leur version en vigueur : les règles de sécurité et de"
    " confidentialité, et la déclaration de confidentialité."
)
WHO_MAY = _(
    "Vous-même, à la page « Mes engagements ». Le coordinateur de la sécurité répond à vos questions sur les"
    " textes."
)
MAY_BEFORE = frozenset({"commitment.view", "commitment.give"})
"""The acts of somebody who has not: reading the texts and accepting them."""
