"""The French words for the steps, remarks and facts of an explanation; screens translate them."""

from __future__ import annotations

from secal.kernel.errors import gettext_noop

STEPS: dict[str, str] = {
    "advance.total": gettext_noop("Avances accordées"),
    "advance.term": gettext_noop(
        "Avance sur le terme : le terme, limité au plafond, moins ce que le débiteur a payé"
    ),
    "advance.ceiling": gettext_noop("Terme limité au plafond"),
    "advance.balance": gettext_noop("Solde du terme dû au créancier"),
    "advance_right.conditions": gettext_noop("Droit aux avances"),
    "cessation.test": gettext_noop("Mois consécutifs entièrement payés"),
    "cessation.month": gettext_noop("Manque pour le mois"),
    "contribution.debtor": gettext_noop("Contribution du débiteur aux frais de fonctionnement"),
    "contribution.creditor": gettext_noop("Contribution du créancier aux frais de fonctionnement"),
    "eligibility.conditions": gettext_noop("Conditions de l’intervention"),
    "eligibility.defaulted_terms": gettext_noop("Termes impayés, en tout ou en partie, dans la période"),
    "eligibility.term": gettext_noop("Reste impayé du terme"),
    "imputation.payment": gettext_noop("Imputation du paiement"),
    "imputation.cpas_advances": gettext_noop("Avances des CPAS"),
    "imputation.recovery_costs": gettext_noop("Frais de recouvrement"),
    "imputation.operating_contribution": gettext_noop("Contribution aux frais de fonctionnement"),
    "imputation.interest": gettext_noop("Intérêts"),
    "imputation.advances": gettext_noop("Avances"),
    "imputation.term_minus_advance": gettext_noop("Différence entre la pension et l’avance"),
    "imputation.arrears_at_application": gettext_noop("Arriérés à la date de la demande"),
    "imputation.claim": gettext_noop("Part imputée sur la créance"),
    "indexation.amount": gettext_noop("Montant indexé : montant de base × nouvel indice ÷ indice de départ"),
    "interest.total": gettext_noop("Intérêts de retard"),
    "interest.days": gettext_noop("Intérêts pour un nombre de jours"),
    "interest.month": gettext_noop("Intérêts pour un mois entier"),
    "limitation.date": gettext_noop("Dernier jour avant la prescription"),
    "limitation.start": gettext_noop("Début du délai"),
    "limitation.interrupted": gettext_noop("Interruption : un nouveau délai commence"),
    "limitation.without_effect": gettext_noop("Acte sans effet : hors du délai en cours"),
    "limitation.pause": gettext_noop("Suspension du délai"),
    "means.test": gettext_noop("Ressources propres admises"),
    "means.base": gettext_noop("Montant de base"),
    "means.children": gettext_noop("Supplément pour enfants à charge"),
    "means.disabled_children": gettext_noop("Supplément pour enfants handicapés"),
    "retention.kept": gettext_noop("Retenue sur le paiement au créancier"),
    "arrears.interest": gettext_noop("Intérêts de retard sur les cotisations"),
    "arrears.interest_line": gettext_noop("Intérêts de retard sur une dette"),
    "arrears.surcharge": gettext_noop("Majoration des cotisations payées en retard"),
    "imputation.debt": gettext_noop("Part imputée sur la dette"),
    "procedure.constraint": gettext_noop("La contrainte peut être décernée"),
    "procedure.contest": gettext_noop("La contestation exclut la somme du rôle"),
    "procedure.ground": gettext_noop("Motif"),
    "procedure.notice": gettext_noop("Fin du délai de la mise en demeure"),
    "procedure.opposition": gettext_noop("Fin du délai d’opposition"),
    "procedure.opposition_filed": gettext_noop("L’opposition est recevable"),
    "procedure.opposition_reading": gettext_noop("Fin du délai selon une lecture"),
}
"""Title of each step, by `Explanation.code`."""

REMARKS: dict[str, str] = {
    "advance.capped": gettext_noop("Le terme dépasse le plafond : l’avance est limitée."),
    "advance.cap_shared": gettext_noop(
        "Le plafond du mois est déjà entamé par un autre titre du même créancier."
    ),
    "advance.nothing_left": gettext_noop("Le débiteur a payé autant que l’avance possible, ou davantage."),
    "advance.term_paid": gettext_noop("Le terme est entièrement payé."),
    "advance.whole_term": gettext_noop("Le terme ne dépasse pas le plafond."),
    "advance_right.adult": gettext_noop("Enfant majeur, preuves fournies."),
    "advance_right.minor": gettext_noop("Enfant mineur : aucune preuve particulière."),
    "advance_right.kind": gettext_noop("Les avances sont réservées aux pensions pour enfants."),
    "advance_right.birth_date_missing": gettext_noop("La date de naissance de l’enfant n’est pas connue."),
    "advance_right.family_allowances": gettext_noop(
        "Enfant majeur : la preuve des allocations familiales manque."
    ),
    "advance_right.studies": gettext_noop(
        "Enfant majeur : la preuve des études ou du stage d’insertion manque."
    ),
    "eligibility.met": gettext_noop("Toutes les conditions sont remplies."),
    "eligibility.too_few_terms": gettext_noop("Trop peu de termes impayés avant la demande."),
    "eligibility.creditor_abroad": gettext_noop("Le créancier n’est pas domicilié en Belgique."),
    "eligibility.debtor_abroad": gettext_noop("Le débiteur n’avait ni domicile ni revenus en Belgique."),
    "interest.nothing": gettext_noop("Aucun intérêt n’est réclamé."),
    "interest.below_minimum": gettext_noop("Sous le minimum mensuel : rien n’est réclamé pour ce mois."),
    "limitation.suspended": gettext_noop("Délai suspendu par une action en justice en cours."),
    "means.no_ceiling": gettext_noop("La loi ne prévoit plus de plafond : les ressources ne comptent pas."),
    "means.within": gettext_noop("Les ressources ne dépassent pas le plafond."),
    "means.above": gettext_noop("Les ressources dépassent le plafond."),
    "constraint.no_notice": gettext_noop("Aucune dernière mise en demeure n’a été envoyée."),
    "constraint.notice_null": gettext_noop(
        "La mise en demeure est nulle : elle n’annonce pas la contrainte."
    ),
    "constraint.notice_running": gettext_noop("Le délai de la mise en demeure n’est pas écoulé."),
    "contest.late": gettext_noop("La contestation est arrivée après le délai."),
    "contest.not_in_law": gettext_noop("La loi de cette date n’exclut pas les sommes contestées."),
    "contest.not_registered": gettext_noop("La contestation n’a pas été envoyée par recommandé."),
    "imputation.choice_followed": gettext_noop(
        "Le débiteur a choisi par écrit, en payant, la dette qu’il paie."
    ),
    "imputation.choice_ignored": gettext_noop(
        "Le choix du débiteur ne désigne aucune dette ouverte : il n’est pas suivi."
    ),
    "limitation.no_interruption": gettext_noop("Cet acte n’interrompt pas la prescription."),
    "opposition.form": gettext_noop("L’opposition n’a pas la forme que la loi exige."),
    "opposition.late": gettext_noop("L’opposition est arrivée après le délai."),
    "opposition.no_reasons": gettext_noop("L’opposition n’est pas motivée : elle est nulle."),
    "procedure.review": gettext_noop(
        "Texte annulé en partie par la Cour constitutionnelle : une personne doit décider."
    ),
}
"""Sentence of each remark, by `Explanation.text`; grounds of refusal have theirs here too."""

FACTS: dict[str, str] = {
    "act": gettext_noop("acte"),
    "applied_on": gettext_noop("date de la demande"),
    "available": gettext_noop("disponible"),
    "base": gettext_noop("base"),
    "base_amount": gettext_noop("montant de base"),
    "born_on": gettext_noop("date de naissance"),
    "cap_left": gettext_noop("plafond disponible"),
    "ceiling": gettext_noop("plafond"),
    "channel": gettext_noop("mode d’envoi"),
    "children": gettext_noop("enfants"),
    "claim": gettext_noop("créance"),
    "claimed_base": gettext_noop("base retenue"),
    "contributions": gettext_noop("cotisations"),
    "creditor_in_belgium": gettext_noop("créancier domicilié en Belgique"),
    "debt": gettext_noop("dette"),
    "due": gettext_noop("dû"),
    "due_on": gettext_noop("échéance"),
    "family_allowances_proved": gettext_noop("allocations familiales prouvées"),
    "filed_on": gettext_noop("introduite le"),
    "first_day": gettext_noop("premier jour du délai"),
    "first_index": gettext_noop("indice de départ"),
    "first_index_month": gettext_noop("mois de l’indice de départ"),
    "form": gettext_noop("forme"),
    "from": gettext_noop("du"),
    "issued_on": gettext_noop("décernée le"),
    "left_open": gettext_noop("reste dû"),
    "maintenance_kind": gettext_noop("nature de la pension"),
    "month": gettext_noop("mois"),
    "new_index": gettext_noop("nouvel indice"),
    "new_index_month": gettext_noop("mois du nouvel indice"),
    "nominal_end": gettext_noop("fin avant report"),
    "notice_until": gettext_noop("fin de la mise en demeure"),
    "on": gettext_noop("le"),
    "open_after": gettext_noop("dû après le paiement"),
    "open_before": gettext_noop("dû avant le paiement"),
    "opposition_until": gettext_noop("fin du délai d’opposition"),
    "own_means": gettext_noop("ressources propres par mois"),
    "owner": gettext_noop("revient à"),
    "paid": gettext_noop("payé"),
    "payment": gettext_noop("paiement au créancier"),
    "principal": gettext_noop("principal"),
    "principal_due": gettext_noop("principal dû"),
    "rank": gettext_noop("rang"),
    "reasoned": gettext_noop("motivée"),
    "received": gettext_noop("reçu du débiteur"),
    "recovered": gettext_noop("recouvré pour le créancier"),
    "registered": gettext_noop("par recommandé"),
    "remainder": gettext_noop("non imputé"),
    "residence": gettext_noop("domicile"),
    "sent_on": gettext_noop("date d’envoi"),
    "served_on": gettext_noop("date de la signification"),
    "starts_on": gettext_noop("point de départ"),
    "streak": gettext_noop("mois consécutifs payés"),
    "studies_proved": gettext_noop("études ou insertion prouvées"),
    "term": gettext_noop("terme"),
    "term_due": gettext_noop("terme dû"),
    "to": gettext_noop("au"),
    "undue_before": gettext_noop("indu avant retenue"),
    "undue_left": gettext_noop("indu restant"),
    "until": gettext_noop("jusqu’au"),
    "window_first": gettext_noop("période du"),
    "window_last": gettext_noop("période au"),
}
"""Name of each fact, by its key in `Explanation.inputs`."""

AMOUNTS = (
    "available", "base", "base_amount", "cap_left", "ceiling", "claimed_base", "contributions", "due",
    "left_open", "open_after", "open_before", "own_means", "paid", "payment", "principal",
    "principal_due", "received", "recovered", "remainder", "term_due", "undue_before", "undue_left",
)  # fmt: skip
"""Facts that are sums of money, in euro; every other number is a count, an index or a rate."""
