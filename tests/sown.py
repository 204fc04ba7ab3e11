"""The office of the demonstration, sown once for the whole run and cloned for each who needs one."""

import fcntl
import os
import uuid

from psycopg import sql

from secal.config.demo.seed.fill import fill
from secal.office.clock import today
from tests.conftest import (
    _administrator,
    clone_template,
    copy_database,
    drop_database,
    template_lock,
    working_as,
)

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
"""The same for all processes of one run: what is sown follows the sources, and today."""


def clone_sown() -> str:
    """A database exactly as an office has it, with the small demonstration of today; the caller drops it."""
    template = f"test_sown_{RUN[:12]}"
    with template_lock("sown") as lock, _administrator("postgres") as admin:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            earlier = "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_sown\\_%'"
            for (of_another_run,) in admin.execute(earlier).fetchall():
                drop_database(of_another_run)
            draft = clone_template(lenient=False)
            with working_as("WORKER_DATABASE_URL", database=draft):
                fill("small", today=today())
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(draft), sql.Identifier(template)))
        return copy_database(template)
