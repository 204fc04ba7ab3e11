"""The Celery application. Tasks only ring a bell; what must happen is in the database (job rows)."""

from celery import Celery

app = Celery("secal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf["CELERY_DB_REUSE_MAX"] = 1000
app.autodiscover_tasks()
