"""The people of the demonstration: who they are, what they may do, what the identity provider calls them."""

from dataclasses import dataclass

from secal.access.roles import PLANE_OF_ROLE, Plane, Role

BRUSSELS, LIEGE, GHENT = "Bruxelles", "Liège", "Gent"
ONSS, CONCESSION = "ONSS", "Concession"
MOREAU, DE_CLERCQ = "Étude Moreau", "Kantoor De Clercq"
"""Two bailiffs' offices, of Brussels and of Ghent."""


@dataclass(frozen=True, slots=True)
class Card:
    """An identity card, as the identity provider of the demonstration knows it."""

    subject: str
    """The opaque identifier that the identity provider asserts."""
    given_name: str
    family_name: str
    niss: str
    """Valid check digits, day counter in a range that is never issued."""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Persona(Card):
    """One person who may log in to the demonstration."""

    role: Role
    section: str
    language: str
    story: str
    """One line: who this is and what to try as this person."""
    office: str = ""
    """The bailiff's office of somebody who works in the portal."""
    committed: bool = True
    """False of who has still to accept the texts when the demonstration begins."""

    @property
    def plane(self) -> Plane:
        return PLANE_OF_ROLE[self.role]


PERSONAS = (
    Persona(
        "demo-rita-claes", "Rita", "Claes", "71031299857", Role.REGISTRAR, BRUSSELS, "fr",
        "Enregistre les demandes ; ne peut jamais consulter ce qu’elle a enregistré.",
    ),
    Persona(
        "demo-luc-dubois", "Luc", "Dubois", "68052199829", Role.CASE_OFFICER, BRUSSELS, "fr",
        "Gestionnaire : décide des avances, examine la solvabilité, prépare le paiement du mois.",
    ),
    Persona(
        "demo-mia-peeters", "Mia", "Peeters", "79110899813", Role.CASE_OFFICER, BRUSSELS, "nl",
        "Gestionnaire : a ses propres dossiers et ne voit pas ceux de Luc.",
    ),
    Persona(
        "demo-nadia-lambert", "Nadia", "Lambert", "64090399828", Role.APPROVER, BRUSSELS, "fr",
        "Second signataire : approuve ce qu’un autre a préparé, attribue les dossiers.",
    ),
    Persona(
        "demo-fabienne-piette", "Fabienne", "Piette", "75091799833", Role.APPROVER, LIEGE, "fr",
        "Second signataire à Liège : répond aux accès d’urgence que demandent les autres sections.",
    ),
    Persona(
        "demo-karin-schmitz", "Karin", "Schmitz", "83022599809", Role.CASE_OFFICER, LIEGE, "de",
        "Gestionnaire à Liège, en allemand : doit d’abord lire et accepter les règles du service.",
        committed=False,
    ),
    Persona(
        "demo-paul-renard", "Paul", "Renard", "59121799809", Role.DATA_PROTECTION_OFFICER, BRUSSELS, "fr",
        "Délégué à la protection des données : voit qui a consulté quoi, jamais le contenu d’un dossier.",
    ),
    Persona(
        "demo-an-willems", "An", "Willems", "75041099814", Role.SECURITY_COORDINATOR, BRUSSELS, "nl",
        "Coordinatrice de la sécurité : surveille les accès et les refus.",
    ),
    Persona(
        "demo-bart-goossens", "Bart", "Goossens", "86072699877", Role.USER_REGISTRAR, BRUSSELS, "nl",
        "Gestionnaire des utilisateurs : inscrit les agents, ne voit aucun dossier.",
    ),
    Persona(
        "demo-helene-marchal", "Hélène", "Marchal", "81041499820", Role.ARREARS_CLERK, ONSS, "fr",
        "Perception de l’ONSS : inscrit les dettes, met en demeure, établit les rôles ; n’en signe aucun.",
    ),
    Persona(
        "demo-brigitte-collard", "Brigitte", "Collard", "66092799829", Role.ROLL_SIGNATORY, ONSS, "fr",
        "Signataire délégué : rend les rôles exécutoires et décerne les contraintes.",
    ),
    Persona(
        "demo-geert-van-damme", "Geert", "Van Damme", "73020899818", Role.RECOVERY_DIRECTORATE, ONSS, "nl",
        "Recouvrement judiciaire : transmet, inscrit les oppositions, décide de l’irrécouvrable.",
    ),
    Persona(
        "demo-dirk-aerts", "Dirk", "Aerts", "88060399826", Role.CONCESSION_OPERATOR, CONCESSION, "nl",
        "Opérateur du concessionnaire : confie chaque titre à une étude compétente.",
    ),
    Persona(
        "demo-sophie-moreau", "Sophie", "Moreau", "77061599817", Role.BAILIFF, BRUSSELS, "fr",
        "Huissier de justice à Bruxelles : ne voit, au portail, que ce qui est confié à son étude.",
        office=MOREAU,
    ),
    Persona(
        "demo-jan-de-clercq", "Jan", "De Clercq", "69092399818", Role.BAILIFF, GHENT, "nl",
        "Huissier de justice à Gand : une autre étude, d’autres dossiers.",
        office=DE_CLERCQ,
    ),
)  # fmt: skip
"""In the order in which the demonstration presents them."""

NEWCOMERS = (
    Card("demo-wim-peeters", "Wim", "Peeters", "82110499703"),
    Card("demo-ines-thomas", "Inès", "Thomas", "94022699816"),
)
"""People with a card whom the register does not know yet: nobody lets them in until somebody enters them."""
