"""The French words of the obligations, in ours, by reference; screens translate them."""

from secal.kernel.errors import gettext_noop

PARTS: dict[str, str] = {
    "alimony": gettext_noop("Délibération 12/057 : le service des créances alimentaires"),
    "arrears": gettext_noop("Délibération 17/006 : les arriérés de l’ONSS"),
    "forbidden": gettext_noop("Ce qui est interdit"),
}
"""Title of each part."""

SITES: dict[str, str] = {
    "office": gettext_noop("Les bureaux"),
    "portal": gettext_noop("Le portail des huissiers"),
}
"""Title of each site."""

RESULTS: dict[str, tuple[str, str]] = {
    "passed": ("good", gettext_noop("prouvée")),
    "failed": ("late", gettext_noop("en échec")),
    "none": ("attention", gettext_noop("sans preuve")),
}
"""Shape and word of each result."""

OBLIGATIONS: dict[str, str] = {
    "12/057 §1": gettext_noop(
        "Percevoir et recouvrer les pensions alimentaires auprès des débiteurs, payer les avances : "
        "un compte par dossier, toujours en équilibre."
    ),
    "12/057 §2": gettext_noop(
        "Quatre sources déjà permises en 2008 : DMFA, répertoire des employeurs, fichier du personnel, "
        "pécules de vacances."
    ),
    "12/057 §3": gettext_noop(
        "Connaître les ressources des créanciers et des débiteurs, et l’organisme qui les octroie."
    ),
    "12/057 §4": gettext_noop(
        "Y ajouter les revenus de remplacement de l’ONEM, pour que l’inventaire soit complet."
    ),
    "12/057 §5": gettext_noop(
        "Interroger une période : par mois, le montant payé, le montant approuvé et l’état du dossier."
    ),
    "12/057 §6": gettext_noop(
        "Interroger le dernier état connu ou une date : payé, droit valable, ou droit exclu ou sanctionné."
    ),
    "12/057 §7": gettext_noop(
        "Seul consulte l’agent expressément chargé de la mission, cas par cas, jamais de façon systématique."
    ),
    "12/057 §8": gettext_noop(
        "Une consultation sert l’un des buts d’une liste fermée, qui convient à l’état du dossier et à la "
        "qualité de la personne."
    ),
    "12/057 §9": gettext_noop(
        "Les avances ne vont qu’à qui reste sous le plafond de ressources, pour les dates où la loi en "
        "fixe un."
    ),
    "12/057 §10": gettext_noop(
        "Examiner la solvabilité du débiteur : poursuivre, suspendre ou accorder des facilités, et y "
        "revenir régulièrement."
    ),
    "12/057 §11": gettext_noop(
        "La demande dit les revenus, porte les preuves et l’autorisation d’interroger, aux dates où la loi "
        "les exige."
    ),
    "12/057 §12": gettext_noop(
        "Les organismes répondent sur les ressources, le domicile et la résidence ; l’adresse est une source."
    ),
    "12/057 §14": gettext_noop("Les buts d’une consultation sont déterminés et légitimes."),
    "12/057 §15": gettext_noop(
        "Rien de plus que l’utile : ce qu’une réponse contient en trop est écarté avant d’être gardé."
    ),
    "12/057 §16": gettext_noop(
        "Les données sont demandées pour un dossier précis, jamais pour un ensemble de personnes."
    ),
    "12/057 §17": gettext_noop("Toute interrogation passe par la Banque-carrefour."),
    "12/057 §20": gettext_noop("Un seul point de contact relie le service aux sources."),
    "12/057 §21": gettext_noop(
        "Seul l’agent de la section compétente reçoit une donnée, et seulement si la personne a un dossier "
        "à ce moment."
    ),
    "12/057 §22": gettext_noop(
        "Qui enregistre une personne ou un dossier ne peut jamais les consulter, même plus tard, même par "
        "la base de données."
    ),
    "12/057 §23": gettext_noop("Le journal retient quel agent et quelle section ont obtenu des données."),
    "12/057 §24": gettext_noop(
        "Le journal retient sur qui, quand et dans quel but les données ont été obtenues."
    ),
    "12/057 §25": gettext_noop(
        "Le journal est confidentiel, entier, gardé dix ans, et remis à l’autorité qui le demande."
    ),
    "12/057 §26": gettext_noop(
        "Le personnel connaît les règles et les sanctions, et l’atteste avant tout accès."
    ),
    "12/057 §27": gettext_noop(
        "Le délégué à la protection des données conseille, documente et contrôle, sans traiter de dossier."
    ),
    "12/057 §28": gettext_noop(
        "Les lois sur la vie privée s’appliquent : accès de la personne, rectification, garde ordonnée."
    ),
    "17/006 §3": gettext_noop(
        "Le rôle spécial est rendu exécutoire par l’administrateur général, son adjoint ou un délégué, "
        "jamais par qui l’a dressé."
    ),
    "17/006 §4": gettext_noop(
        "La contrainte est signifiée par huissier, avec le décompte et la copie du rôle ; l’opposition est "
        "ouverte dans le délai."
    ),
    "17/006 §5": gettext_noop(
        "La concession prépare et exécute les actes, répartit les titres entre les huissiers et rend compte."
    ),
    "17/006 §6": gettext_noop(
        "Les huissiers ne voient que ce que le recouvrement demande : une liste de champs tenue dans le code."
    ),
    "17/006 §7": gettext_noop(
        "Les données se gardent jusqu’à ce que la dette soit payée ou déclarée irrécouvrable, et "
        "l’intervention de l’huissier close."
    ),
    "17/006 §8": gettext_noop(
        "Les directions de l’ONSS préparent, pour le seul recouvrement des arriérés, chacune dans son rôle."
    ),
    "17/006 §9": gettext_noop(
        "Les employeurs sont identifiés par un registre central, personnes physiques ou morales, et leur "
        "dossier est suivi."
    ),
    "17/006 §10": gettext_noop(
        "Une plateforme sûre reçoit les titres, les répartit et suit les huissiers ; qui l’exploite ne voit "
        "pas les dossiers."
    ),
    "17/006 §11": gettext_noop(
        "Seules les données des personnes physiques sont personnelles ; les accès sont gardés pour toutes."
    ),
    "17/006 §14": gettext_noop(
        "L’ONSS reste responsable du traitement, le concessionnaire est sous-traitant : chaque extrait les "
        "nomme."
    ),
    "17/006 §15": gettext_noop(
        "Ce délai passé, les données sont effacées chez le concessionnaire et les huissiers, historique "
        "compris, contre certificat."
    ),
    "17/006 §16.1": gettext_noop(
        "Une source authentique dit les utilisateurs, leurs qualités et leurs droits ; qui la tient ne "
        "fait rien d’autre."
    ),
    "17/006 §16.2": gettext_noop(
        "L’accès se fait par la carte d’identité ; le détail du journal n’est lu que par le coordinateur "
        "de la sécurité et le délégué."
    ),
    "17/006 §16.3": gettext_noop("Nul n’accède sans déclaration de confidentialité signée et valable."),
    "17/006 §16.4": gettext_noop(
        "Des contrôles internes ont lieu régulièrement, et les manquements sont consignés."
    ),
    "17/006 §18": gettext_noop("Les lois nommées par la délibération s’appliquent à tout traitement."),
    "17/006 §19": gettext_noop("Les normes minimales de sécurité sont tenues, avec un rapport chaque année."),
    "17/006 §20": gettext_noop(
        "L’hébergement offre une protection suffisante : chiffrement en chemin et au repos, aucun appel "
        "vers des tiers."
    ),
    "17/006 §21": gettext_noop(
        "La Chambre nationale tient la liste des huissiers à jour ; un départ ferme aussitôt tout accès."
    ),
    "forbidden 1": gettext_noop(
        "Consulter une personne sans dossier ouvert, un dossier d’un autre, ou pour un but que l’état du "
        "dossier ne permet pas."
    ),
    "forbidden 2": gettext_noop(
        "Consulter une personne qu’on a soi-même enregistrée, à aucun moment et par aucun chemin."
    ),
    "forbidden 3": gettext_noop(
        "Pour un huissier, voir un dossier qui n’est pas ou plus confié à son étude ; pour un huissier "
        "parti, voir quoi que ce soit."
    ),
    "forbidden 4": gettext_noop(
        "Lire le détail du journal sans être coordinateur de la sécurité ou délégué ; pour quiconque, le "
        "changer."
    ),
    "forbidden 5": gettext_noop("Montrer une réponse dont la ligne du journal n’est pas d’abord acquise."),
    "forbidden 6": gettext_noop("Préparer et approuver le même acte."),
    "forbidden 7": gettext_noop("Ouvrir un dossier auquel on est soi-même partie."),
    "forbidden 8": gettext_noop("Un pouvoir d’administrateur qui ouvre les dossiers."),
}
"""What each row asks, by its reference."""
