"""The tables of the policy: which role may do which act, with which charge, and what each service may do.

An act is a line of `ACTS`. What is in no table is refused to everyone.
"""

from collections.abc import Mapping

from secal.access.roles import Mission, Role

CASEWORK = frozenset({Role.CASE_OFFICER, Role.APPROVER})
EVERYBODY = frozenset(Role)
OFFICE = EVERYBODY - {Role.BAILIFF}
WATCHERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR})
REGISTER = frozenset({Role.USER_REGISTRAR, Role.SECURITY_COORDINATOR})
ONSS = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE, Role.ROLL_SIGNATORY})
RECOVERY = ONSS | {Role.CONCESSION_OPERATOR}
LEDGER_OF_EMPLOYERS = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE})

ACTS: dict[str, frozenset[Role]] = {
    "office.home": OFFICE,
    "office.search": CASEWORK | RECOVERY,
    "office.law": OFFICE,
    "job.view_own": OFFICE,
    "job.view": CASEWORK,
    "application.register": frozenset({Role.REGISTRAR}),
    "application.list_own": frozenset({Role.REGISTRAR}),
    "person.propose_correction": frozenset({Role.REGISTRAR}),
    "person.decide_correction": frozenset({Role.REGISTRAR}),
    "person.propose_merge": frozenset({Role.REGISTRAR}),
    "person.decide_merge": frozenset({Role.REGISTRAR}),
    "worklist.view": CASEWORK,
    "file.list": CASEWORK,
    "file.open": CASEWORK,
    "file.assign": frozenset({Role.APPROVER}),
    "file.propose_closure": frozenset({Role.CASE_OFFICER}),
    "file.close": frozenset({Role.APPROVER}),
    "emergency.ask": frozenset({Role.CASE_OFFICER}),
    "emergency.decide": frozenset({Role.APPROVER}),
    "emergency.review": WATCHERS,
    "conflict.declare": frozenset({Role.CASE_OFFICER}),
    "protection.mark": frozenset({Role.SECURITY_COORDINATOR}),
    "protection.ask": CASEWORK,
    "protection.clear": frozenset({Role.APPROVER, Role.SECURITY_COORDINATOR}),
    "person.identify": CASEWORK,
    "advance.decide": frozenset({Role.CASE_OFFICER}),
    "run.view": CASEWORK,
    "run.prepare": frozenset({Role.CASE_OFFICER}),
    "run.approve": frozenset({Role.APPROVER}),
    "run.cancel": CASEWORK,
    "run.send": CASEWORK,
    "report.ask": CASEWORK,
    "statement.import": frozenset({Role.CASE_OFFICER, Role.ARREARS_CLERK}),
    "ledger.view": CASEWORK | LEDGER_OF_EMPLOYERS,
    "receipt.view": CASEWORK | LEDGER_OF_EMPLOYERS,
    "receipt.match": frozenset({Role.CASE_OFFICER, Role.ARREARS_CLERK}),
    "solvency.review": frozenset({Role.CASE_OFFICER}),
    "solvency.list": CASEWORK,
    "suspension.decide": frozenset({Role.APPROVER}),
    "recovery.list": RECOVERY,
    "recovery.open": RECOVERY,
    "recovery.ledger": LEDGER_OF_EMPLOYERS,
    "employer.register": frozenset({Role.ARREARS_CLERK}),
    "debt.record": frozenset({Role.ARREARS_CLERK}),
    "notice.send": frozenset({Role.ARREARS_CLERK}),
    "roll.view": ONSS,
    "roll.draw": frozenset({Role.ARREARS_CLERK}),
    "roll.sign": frozenset({Role.ROLL_SIGNATORY}),
    "constraint.issue": frozenset({Role.ROLL_SIGNATORY}),
    "title.transmit": frozenset({Role.RECOVERY_DIRECTORATE}),
    "opposition.record": frozenset({Role.RECOVERY_DIRECTORATE}),
    "mandate.view": frozenset({Role.CONCESSION_OPERATOR}),
    "mandate.give": frozenset({Role.CONCESSION_OPERATOR}),
    "irrecoverable.propose": frozenset({Role.ARREARS_CLERK}),
    "irrecoverable.approve": frozenset({Role.RECOVERY_DIRECTORATE}),
    "user.register": REGISTER,
    "user.appoint": REGISTER,
    "user.grant": REGISTER,
    "user.suspend": REGISTER,
    "register.view": REGISTER | WATCHERS,
    "register.matrix": WATCHERS,
    "sessions.view": WATCHERS,
    "sessions.end": WATCHERS,
    "review.open": frozenset({Role.SECURITY_COORDINATOR}),
    "review.answer": WATCHERS,
    "review.confirm": frozenset({Role.DATA_PROTECTION_OFFICER}),
    "delegation.record": frozenset({Role.USER_REGISTRAR}),
    "chamber.view": WATCHERS | {Role.USER_REGISTRAR},
    "chamber.release": WATCHERS,
    "alarm.note": WATCHERS,
    "proposal.close": frozenset({Role.USER_REGISTRAR}),
    "portal.list": frozenset({Role.BAILIFF}),
    "portal.open": frozenset({Role.BAILIFF}),
    "act.record": frozenset({Role.BAILIFF}),
    "payment.record": frozenset({Role.BAILIFF}),
    "deed.upload": frozenset({Role.BAILIFF}),
    "mandate.close": frozenset({Role.BAILIFF}),
    "log.search": WATCHERS,
    "log.history": WATCHERS,
    "permissions.view": WATCHERS,
    "erasure.view": WATCHERS,
    "erasure.approve": WATCHERS,
    "obligations.view": frozenset({Role.DATA_PROTECTION_OFFICER}),
    "commitment.view": EVERYBODY,
    "commitment.give": EVERYBODY,
    "commitment.oversee": WATCHERS,
}
"""Every act of the office and of the portal, and the roles that may do it. An act that is not here is refused
to everyone."""

SENSITIVE_ACTS = frozenset(
    {
        "chamber.release",
        "emergency.ask",
        "emergency.decide",
        "erasure.approve",
        "irrecoverable.approve",
        "roll.sign",
        "run.approve",
        "user.appoint",
        "user.grant",
        "user.register",
        "user.suspend",
    }
)
"""Acts for which the card must have been used within the last minutes (secal.access.step_up)."""

SERVICE_ACTS: dict[str, frozenset[str]] = {
    "service:solvency": frozenset({"solvency.bring_back"}),
    "service:terms": frozenset({"term.make_due"}),
    "service:advances": frozenset(
        {"run.compute", "run.send", "run.confirm", "payment.order", "payment.send"}
    ),
    "service:bank": frozenset({"statement.import", "report.collect", "run.confirm"}),
    "service:sweeper": frozenset({"job.sweep"}),
    "service:log": frozenset({"log.prepare"}),
    "service:seed": frozenset({"seed.load"}),
    "service:assignment": frozenset({"file.assign"}),
    "service:arrival": frozenset({"application.examine", "file.assign"}),
    "service:identity": frozenset({"identity.settle"}),
    "service:enforcement": frozenset({"recovery.settle", "mandate.admit"}),
    "service:retention": frozenset({"erasure.list", "erasure.run"}),
    "service:collection": frozenset({"collection.book"}),
    "service:appointments": frozenset({"user.place"}),
    "service:chamber": frozenset({"chamber.receive", "user.suspend"}),
}
"""What each background identity may do: its own job and nothing else."""

ALIMONY = frozenset({Mission.ADVANCES, Mission.RECOVERY})
ARREARS = frozenset({Mission.ARREARS})
ADVANCES = frozenset({Mission.ADVANCES})

MISSIONS_OF_ROLE: Mapping[Role, frozenset[Mission]] = {
    Role.CASE_OFFICER: ALIMONY,
    Role.APPROVER: ALIMONY,
    Role.ARREARS_CLERK: ARREARS,
    Role.RECOVERY_DIRECTORATE: ARREARS,
    Role.ROLL_SIGNATORY: ARREARS,
    Role.CONCESSION_OPERATOR: ARREARS,
}
"""The missions in which a role works: its holder must be expressly charged with one of them (12/057 §7).
A role that is not here needs no charge: it registers, administers or watches; a bailiff has a mandate on each
file."""

CHARGES: Mapping[str, frozenset[Mission]] = {
    "advance.decide": ADVANCES,
    "run.view": ADVANCES,
    "run.prepare": ADVANCES,
    "run.approve": ADVANCES,
    "run.cancel": ADVANCES,
    "run.send": ADVANCES,
    "report.ask": ADVANCES,
}
"""Acts of one mission. Every other act needs a charge in any mission of the role."""

ANY_CHARGE = frozenset({"office.home", "office.law", "job.view_own", "commitment.view", "commitment.give"})
"""Acts that show nobody's data: no charge is asked."""
