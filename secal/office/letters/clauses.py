"""The legal clauses, word for word as they leave the office. No screen and no caller can change them.

A clause whose words change gets a new version, and what was sent keeps the version it was sent with. The
delays stand in the sentences because the law requires the sentence: when the law changes, sentence and
version change together.
"""

from django.utils.translation import gettext as _

from secal.kernel.errors import gettext_noop

CLAUSE_VERSIONS = {"formal_notice": "2019-06-17/1", "constraint": "2019-06-17/1"}
"""By letter: first day the law asks for this content, then the number of our wording."""

LEGAL_BASIS = gettext_noop(
    "Article 40 de la loi du 27 juin 1969 révisant l’arrêté-loi du 28 décembre 1944 concernant la sécurité "
    "sociale des travailleurs"
)

# Law of 27 June 1969, art. 40 § 1, 3rd para.: compulsory on pain of nullity.
NOTICE_CLAUSE = gettext_noop(
    "Si, par envoi recommandé et dans un délai d’un mois à compter de la date de notification de la "
    "présente mise en demeure, vous n’avez ni contesté les sommes réclamées, ni demandé et obtenu des "
    "termes et délais, l’ONSS pourra procéder au recouvrement de ces sommes par voie de contrainte."
)

# Art. 40 § 1, 4th para.: how to contest, and that terms can be asked for.
HOW_TO_CONTEST = (
    gettext_noop(
        "Vous pouvez contester tout ou partie des sommes. Envoyez votre contestation par envoi "
        "recommandé, dans le mois de la notification, à l’adresse ci-dessous."
    ),
    gettext_noop(
        "Indiquez le numéro du dossier, les lignes que vous contestez et vos raisons, et joignez les "
        "pièces qui les prouvent. Les sommes contestées ne sont pas recouvrées par contrainte ; l’ONSS "
        "peut les réclamer devant le tribunal du travail."
    ),
)
HOW_TO_ASK_FOR_TERMS = (
    gettext_noop(
        "Si vous ne pouvez pas payer en une fois, vous pouvez demander des termes et délais à l’ONSS. "
        "Envoyez votre demande par envoi recommandé, dans le même délai et à la même adresse, et dites "
        "quels montants vous pouvez payer et à quelles dates."
    ),
    gettext_noop(
        "Tant que vous respectez strictement les termes et délais que l’ONSS vous a accordés, aucune "
        "contrainte n’est décernée et aucun recouvrement judiciaire n’est entamé."
    ),
)

# Art. 40 § 4: the order that is served.
ORDER_TO_PAY = gettext_noop(
    "Ordre est donné au débiteur de payer la somme de %(total)s dans les vingt-quatre heures de la "
    "signification de la présente contrainte, sous peine d’exécution par voie de saisie."
)
COSTS_AND_PART_PAYMENTS = gettext_noop(
    "Les frais de signification, d’exécution et de mesures conservatoires sont à charge du débiteur. Un "
    "paiement partiel fait après la signification n’arrête pas les poursuites."
)

# Art. 40 § 5: opposition.
OPPOSITION = (
    gettext_noop(
        "Vous pouvez former opposition devant le tribunal du travail de votre domicile ou de votre siège "
        "social : %(court)s."
    ),
    gettext_noop(
        "Le délai est d’un mois à compter de la signification. Les règles du Code judiciaire sur les "
        "délais (première partie, chapitre VIII) s’appliquent, y compris la prolongation liée aux "
        "vacances judiciaires (article 50, alinéa 2) et celle liée à la distance (article 55)."
    ),
    gettext_noop(
        "L’opposition se fait par citation de l’ONSS ou par requête contradictoire. Elle doit être "
        "motivée, à peine de nullité."
    ),
    gettext_noop(
        "L’opposition suspend l’exécution de la contrainte, et la prescription des créances qu’elle vise, "
        "jusqu’à ce qu’il soit statué sur son bien-fondé. Les saisies déjà faites gardent un effet "
        "conservatoire."
    ),
)

# Art. 40 § 8: who answers for the personal data.
CONTROLLER = gettext_noop(
    "Le responsable du traitement de vos données est l’Office national de sécurité sociale (ONSS). Elles "
    "servent uniquement au recouvrement des sommes impayées qu’il perçoit."
)
PROCESSOR = gettext_noop(
    "%(processor)s, concessionnaire, les traite pour le compte de l’ONSS comme sous-traitant."
)


def clause_version(template: str) -> str:
    """The version of the legal clauses of a letter, to be kept with it; "" when it has none."""
    return CLAUSE_VERSIONS.get(template, "")


def in_words(*clauses: str, **values: str) -> list[str]:
    """The clauses in the active language, with their values."""
    return [_(clause) % values if values else _(clause) for clause in clauses]


def data_protection(processor: str = "") -> list[str]:
    """Who answers for the personal data in a paper of the ONSS, and who processes them."""
    return in_words(CONTROLLER) + (in_words(PROCESSOR, processor=processor) if processor else [])
