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
    "appointments-begin": {"task": "register.place_staff", "schedule": crontab(hour=0, minute=1)},
    "files-without-officer": {"task": "files.ask_for_officers", "schedule": crontab(hour=0, minute=10)},
    "monthly-terms": {"task": "files.make_terms_due", "schedule": crontab(hour=4, minute=0)},
    "what-has-to-go": {"task": "retention.list_due_units", "schedule": crontab(hour=1, minute=15)},
    "approved-erasures": {"task": "retention.erase_approved_lists", "schedule": crontab(hour=1, minute=45)},
    "bailiffs-acts": {"task": "portal.book_waiting", "schedule": 30.0},
    "paid-at-the-bailiff": {"task": "enforcement.settle_files", "schedule": crontab(minute="*/5")},
    "chamber-lists": {"task": "chamber.receive_lists", "schedule": 60.0},
    "bank-reports": {"task": "ledger.collect_bank_reports", "schedule": crontab(minute="*/15")},
}
