"""`manage.py permissions`: every address of both sites with its rule."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from secal.access.roles import Role
from secal.config.permissions import as_json, rules
from secal.office.page_rules import PageRule
from secal.office.screens import OPEN_TO_ALL


class Command(BaseCommand):
    help = "Print every address of both sites with its rule: what it needs, who may, and what the others get."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="the table as tests/matrix/permissions.json keeps it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = rules()
        if options["json"]:
            self.stdout.write(as_json(found))
            return
        with translation.override("fr"):
            for rule in found:
                self.tell(rule)
        self.stdout.write(f"{len(found)} addresses")

    def tell(self, rule: PageRule) -> None:
        """An address, and under it what it asks."""
        self.stdout.write(f"{rule.site:<8}{' '.join(rule.methods):<12}{rule.route}")
        if rule.act == OPEN_TO_ALL:
            self.stdout.write(f"{'':20}open to all")
        elif not rule.act:
            self.stdout.write(f"{'':20}{rule.remark}")
        else:
            who = ", ".join(str(Role(role).label) for role in rule.roles)
            step_up = "; card shown again" if rule.step_up else ""
            charge = f"; charge: {', '.join(rule.missions)}" if rule.missions else ""
            self.stdout.write(f"{'':20}{rule.act}: {who}{charge}{step_up}; else {rule.without_right}")
        if rule.kind:
            self.stdout.write(f"{'':20}{rule.title}: {rule.whose}; else {rule.not_theirs}")
