"""The bank of the demonstration: a program of its own that takes our payment files and answers as a
bank does.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from secal.config.demo.processes import Program, answers

NAME = "bank"
OFFICE_ACCOUNT = "SECAL"
OPENING_BALANCE_CENTS = 50_000_000_00
SECONDS = 10


@dataclass(frozen=True)
class Bank:
    """A running bank and the doors that only its tester has: its clock, its accounts, its record."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open_account(self, *, name: str, iban: str, bic: str, account: str = OFFICE_ACCOUNT) -> None:
        """Have the account there, whether it is new or was kept from an earlier start."""
        fields = {"name": name, "iban": iban, "bic": bic}
        if account in {known["id"] for known in self.ask("GET", "/_mock/accounts")}:
            self.ask("PATCH", f"/_mock/accounts/{account}", fields)
        else:
            self.ask("POST", "/_mock/accounts", {"id": account, "balance": OPENING_BALANCE_CENTS, **fields})

    def behave(self, behaviour: str, **parameters: Any) -> None:
        """How the bank treats the office's account from now on (`python -m mockbank --help` lists the
        ways).
        """
        self.ask(
            "PATCH", f"/_mock/accounts/{OFFICE_ACCOUNT}", {"behaviour": behaviour, "parameters": parameters}
        )

    def advance_to(self, day: date) -> None:
        """Move the bank's calendar; payments and statements of the days between come out."""
        self.ask("POST", f"/_mock/advance?to={day.isoformat()}")

    def payments(self) -> list[dict[str, Any]]:
        """The bank's own record of every payment it decided on."""
        return list(self.ask("GET", "/_mock/payments"))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.url + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - loopback
            return json.load(answer)


def program(
    port: int, *, database: str = ":memory:", clock: str = "", environment: Mapping[str, str] | None = None
) -> Program:
    """The bank as a program to start. `clock` is the moment at which its time begins, as 2026-11-21T09:00."""
    command = [sys.executable, "-m", "mockbank", "--port", str(port), "--db", database]
    command += ["--timezone", "Europe/Brussels", "--cutoff", "15:00"]
    if clock:
        command += ["--clock", clock]
    return Program(
        NAME, command, ready=answers(f"http://127.0.0.1:{port}/_mock/health"), environment=environment or {}
    )
