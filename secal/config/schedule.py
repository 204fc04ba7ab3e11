"""The whole beat table: what the office does by itself, and when. Each line rings one task by its name."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "office.sweep_jobs", "schedule": 30.0},
    "security-log-partitions": {
        "task": "office.prepare_log_partitions",
        "schedule": crontab(hour=2, minute=10),
    },
    "solvency-reviews-due": {
        "task": "solvency.bring_back_due_reviews",
        "schedule": crontab(hour=5, minute=0),
    },
    "monthly-terms": {"task": "files.make_terms_due", "schedule": crontab(hour=4, minute=0)},
    "bank-reports": {"task": "ledger.collect_bank_reports", "schedule": crontab(minute="*/15")},
}
