"""The run page's steps: where each stands, and what may be done next, or in words why not."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from secal.access.actors import Actor
from secal.access.policy import Facts, decide
from secal.advances.models import AdvanceRun, LineState, RunState
from secal.advances.rules.candidates import WORDS
from secal.advances.selectors import runs as selectors
from secal.kernel.periods import Month
from secal.office import job_progress
from secal.office.formatting import date_text, datetime_text, money_text, month_text, of_month_text
from secal.office.models import Job, JobState

RUN_SHAPES = {
    RunState.PREPARING: "underway",
    RunState.PROPOSED: "attention",
    RunState.APPROVED: "underway",
    RunState.SENT: "underway",
    RunState.CONFIRMED: "good",
    RunState.CANCELLED: "neutral",
}
DONE, NOW, LATER, FAULT = "good", "attention", "neutral", "late"
STEP_WORDS: dict[str, str | Promise] = {
    DONE: gettext_lazy("fait"),
    NOW: gettext_lazy("à faire"),
    LATER: gettext_lazy("plus tard"),
    FAULT: gettext_lazy("à corriger"),
    "underway": gettext_lazy("en cours"),
}
BANK_REASONS: dict[str, str | Promise] = {
    "AC01": gettext_lazy("Numéro de compte incorrect"),
    "AC04": gettext_lazy("Compte clôturé"),
    "AC06": gettext_lazy("Compte bloqué"),
    "AG01": gettext_lazy("Opération interdite sur ce compte"),
    "AM04": gettext_lazy("Provision insuffisante"),
    "BE04": gettext_lazy("Adresse du bénéficiaire manquante"),
    "FF01": gettext_lazy("Fichier non conforme"),
    "MD07": gettext_lazy("Bénéficiaire décédé"),
    "RC01": gettext_lazy("Banque du bénéficiaire inconnue"),
}
"""The usual status reasons of ISO 20022; another code is shown as it is."""


def reason_words(code: str) -> tuple[str, str]:
    """Reason and remedy of an exclusion, or of the bank's refusal."""
    if code in WORDS:
        reason, remedy = WORDS[code]
        return _(reason), _(remedy)
    if not code:
        return "", ""
    known = BANK_REASONS.get(code)
    reason = f"{known} ({code})" if known else _("Refus de la banque, code %(code)s") % {"code": code}
    return reason, _(
        "Vérifiez le compte avec le créancier : le terme redevient payable dans une liste complémentaire."
    )


class RunSteps:
    """Builds the page's context from a run, in a fixed number of queries."""

    def __init__(self, run: AdvanceRun, actor: Actor) -> None:
        self.run = run
        self.actor = actor
        self.figures = selectors.figures(run)
        self.file = selectors.payment_file(run)
        self.before = selectors.month_before(run)
        self.jobs: Mapping[str, Job] = {
            job.kind: job
            for job in Job.objects.filter(kind__in=["advances.compute", "advances.send"], period=str(run.pk))
        }

    def context(self) -> dict[str, Any]:
        steps = [self._period(), self._candidates(), self._exclusions(), self._comparison()]
        steps += [self._approval(), self._sending(), self._answers()]
        job = self._job_at_work()
        return {
            "steps": [step for step in steps if step],
            "shape": RUN_SHAPES[RunState(self.run.state)],
            "figures": self._summary(),
            "job": job_progress.shown(job) if job else None,
            "working": bool(job and job.state in (JobState.WAITING, JobState.RUNNING)),
            "comparison": self._bars(),
            "exclusions": self._exclusion_rows(),
            "changes": self.run.changes.order_by("at"),
        }

    def _summary(self) -> list[dict[str, Any]]:
        payable = self.figures.payable
        paid, rejected = self.figures.tally(LineState.PAID), self.figures.tally(LineState.REJECTED)
        rows: list[dict[str, Any]] = [
            {
                "label": _("Avances à payer"),
                "amount": payable.amount,
                "strong": True,
                "hint": _payments(payable.count),
            },
            {
                "label": _("Exclusions"),
                "value": self.figures.excluded,
                "url": self._lines("excluded"),
                "action": _("Voir les lignes"),
            },
            {
                "label": _("Écarts de plus de 20 %"),
                "value": self.figures.outliers,
                "url": self._lines("outliers"),
                "action": _("Voir les lignes"),
            },
        ]
        if self.run.state in (RunState.SENT, RunState.CONFIRMED):
            rows.append({"label": _("Payé"), "amount": paid.amount, "hint": _payments(paid.count)})
            rows.append(
                {
                    "label": _("Refusé par la banque"),
                    "amount": rejected.amount,
                    "hint": _payments(rejected.count),
                    "url": self._lines("rejected") if rejected.count else "",
                    "action": _("Voir les lignes"),
                }
            )
        return rows

    def _period(self) -> dict[str, Any]:
        told = _("Termes %(month)s, payés le %(day)s. Préparée par %(name)s, le %(at)s.") % {
            "month": of_month_text(self.run.month),
            "day": date_text(self.run.execution_on),
            "name": self.run.prepared_by.display_name,
            "at": datetime_text(self.run.prepared_at),
        }
        return _step(_("Période"), DONE, told)

    def _candidates(self) -> dict[str, Any]:
        if self.run.state == RunState.PREPARING:
            return _step(
                _("Candidats"),
                "underway",
                _("Les droits du mois sont examinés un à un."),
                **self._give_up_if_possible(),
            )
        told = _("%(payments)s, ensemble %(amount)s.") % {
            "payments": _payments(self.figures.payable.count),
            "amount": money_text(self.figures.payable.amount),
        }
        return _step(_("Candidats"), DONE, told, url=self._lines("payable"))

    def _exclusions(self) -> dict[str, Any] | None:
        if self.run.state == RunState.PREPARING:
            return None
        count = self.figures.excluded
        told = ngettext(
            "%(n)d droit sans paiement, avec son motif.",
            "%(n)d droits sans paiement, avec leur motif.",
            count,
        )
        return _step(_("Exclusions"), DONE, told % {"n": count}, url=self._lines("excluded"))

    def _comparison(self) -> dict[str, Any] | None:
        if self.run.state == RunState.PREPARING:
            return None
        told = _("%(outliers)s de plus de 20 %% par rapport au mois précédent, %(new)s.") % {
            "outliers": ngettext("%(n)d écart", "%(n)d écarts", self.figures.outliers)
            % {"n": self.figures.outliers},
            "new": ngettext("%(n)d première avance", "%(n)d premières avances", self.figures.first_time)
            % {"n": self.figures.first_time},
        }
        return _step(_("Comparaison"), DONE, told, url=self._lines("outliers"))

    def _approval(self) -> dict[str, Any]:
        title = _("Approbation par une seconde personne")
        if self.run.approved_by is not None and self.run.approved_at is not None:
            told = _("Approuvée par %(name)s, le %(at)s.") % {
                "name": self.run.approved_by.display_name,
                "at": datetime_text(self.run.approved_at),
            }
            return _step(title, DONE, told)
        if self.run.state == RunState.CANCELLED:
            return _step(title, LATER, _("La liste a été abandonnée : rien n’est payé."))
        if self.run.state == RunState.PREPARING:
            return _step(title, LATER, _("Quand tous les candidats sont calculés."))
        if not self.run.count:
            return _step(
                title, FAULT, _("Cette liste ne contient aucun paiement."), **self._give_up_if_possible()
            )
        decision = decide(self.actor, "run.approve", Facts(prepared_by=self.run.prepared_by_id))
        if not decision.permitted:
            who = _("Qui le peut : %(who)s") % {"who": decision.who_may} if decision.who_may else ""
            reason = f"{decision.message} {who}".strip()
            return _step(title, NOW, "", blocked=reason, **self._give_up_if_possible())
        label = _("Approuver et payer %(amount)s") % {"amount": money_text(self.run.total)}
        told = _(
            "Après l’approbation, la liste part à la banque. Une avance payée ne se défait "
            "que par une contre-passation."
        )
        return _step(
            title,
            NOW,
            told,
            action={"url": self._url("run_approve"), "label": label},
            **self._give_up_if_possible(),
        )

    def _give_up_if_possible(self) -> dict[str, Any]:
        if not decide(self.actor, "run.cancel").permitted:
            return {}
        return {"second": {"url": self._url("run_cancel"), "label": _("Abandonner cette liste")}}

    def _sending(self) -> dict[str, Any]:
        title = _("Envoi à la banque")
        if self.run.state in (RunState.SENT, RunState.CONFIRMED) and self.file is not None:
            told = _("Message %(message)s remis le %(at)s. Empreinte SHA-256 : %(hash)s") % {
                "message": self.file.message_id,
                "at": datetime_text(self.file.sent_at),
                "hash": self.file.sha256,
            }
            return _step(title, DONE, told)
        if self.run.state != RunState.APPROVED:
            return _step(title, LATER, _("Après l’approbation."))
        job = self.jobs.get("advances.send")
        if job is None or job.state == JobState.FAILED:
            action = {"url": self._url("run_send"), "label": _("Envoyer à nouveau")}
            told = _(
                "L’envoi n’a pas abouti. L’envoyer à nouveau est sans danger : la banque "
                "ne prend un message qu’une fois."
            )
            return _step(title, FAULT, told, action=action)
        return _step(title, "underway", _("Le fichier de paiement est établi, vérifié et remis à la banque."))

    def _answers(self) -> dict[str, Any]:
        title = _("Réponses de la banque")
        rejected = self.figures.tally(LineState.REJECTED).count
        if self.run.state == RunState.CONFIRMED:
            told = _("Tous les paiements ont une réponse : %(paid)s, %(rejected)s.") % {
                "paid": ngettext("%(n)d payé", "%(n)d payés", self.figures.tally(LineState.PAID).count)
                % {"n": self.figures.tally(LineState.PAID).count},
                "rejected": ngettext("%(n)d refusé", "%(n)d refusés", rejected) % {"n": rejected},
            }
            return _step(title, DONE, told, url=self._lines("rejected") if rejected else "")
        if self.run.state != RunState.SENT:
            return _step(title, LATER, _("Quand la banque a le message."))
        waiting = self.figures.tally(LineState.INSTRUCTED).count
        told = ngettext(
            "%(n)d paiement attend encore sa réponse. La boîte de la banque est relevée "
            "tous les quarts d’heure.",
            "%(n)d paiements attendent encore leur réponse. La boîte de la banque est "
            "relevée tous les quarts d’heure.",
            waiting,
        ) % {"n": waiting}
        action = {"url": self._url("run_reports"), "label": _("Relever la boîte maintenant")}
        return _step(title, "underway", told, action=action)

    def _job_at_work(self) -> Job | None:
        kind = {RunState.PREPARING: "advances.compute", RunState.APPROVED: "advances.send"}.get(
            RunState(self.run.state)
        )
        return self.jobs.get(kind) if kind else None

    def _bars(self) -> list[dict[str, Any]]:
        if self.run.state == RunState.PREPARING:
            return []
        before = month_text((Month.of(self.run.month) + -1).first_day)
        payable = self.figures.payable
        return [
            {"label": before, "amount": self.before.amount, "hint": _payments(self.before.count)},
            {
                "label": month_text(self.run.month),
                "amount": payable.amount,
                "hint": _payments(payable.count),
                "strong": True,
            },
        ]

    def _exclusion_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "reason": reason_words(code)[0],
                "remedy": reason_words(code)[1],
                "count": count,
                "url": f"{self._lines('excluded')}&reason={code}",
            }
            for code, count in self.figures.exclusions.items()
        ]

    def _lines(self, show: str) -> str:
        return f"{self._url('run_lines')}?show={show}"

    def _url(self, name: str) -> str:
        return reverse(f"advances:{name}", args=[self.run.pk])


def _payments(count: int) -> str:
    return ngettext("%(n)d paiement", "%(n)d paiements", count) % {"n": count}


def _step(title: str, state: str, why: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "why": why, "status": {"state": state, "word": STEP_WORDS[state]}, **more}
