"""Making a restored system whole before anybody uses it; runs in a process of its own.

    python -m przystan.config.backup.settling < erased.json > settled.json

Its environment points at what a restore has unpacked aside, so every room works on that as if it
were the system. Nothing of the system that is to be replaced is read or written.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done: migrations applied, owners forgotten again, rows and faults of the audit."""

    migrated: int
    forgotten: int
    audit_rows: int
    audit_breaks: list[str]


def settle(erased: Iterable[UUID], *, made_at: str, release: str) -> Settled:
    """Bring rows up to this release, forget again, build the index, walk the audit chains."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from przystan.core import clock
    from przystan.knowledge import finding
    from przystan.people import audit
    from przystan.people.actor import system

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    at = clock.now()
    forgotten = _forget_again(erased)
    with transaction.atomic():
        audit.record(
            system("restore"),
            "platform.restored",
            detail={"backup_of": made_at[:40], "release": release[:40], "forgotten": forgotten},
        )
    finding.rebuild(clock.law_day(at), embed=False)
    audit.seal_pending(at=at)
    found = audit.verify()
    return Settled(
        migrated=len(plan),
        forgotten=forgotten,
        audit_rows=sum(head.length for head in found.heads),
        audit_breaks=[str(one) for one in found.breaks[:20]],
    )


def _forget_again(erased: Iterable[UUID]) -> int:
    """Forget persons and conversations that had been forgotten when the backup was replaced."""
    from przystan.conversations import services as conversations
    from przystan.conversations.models import Thread
    from przystan.core import clock
    from przystan.people import erasure, vault

    at = clock.now()
    back = sorted(set(erased) - set(vault.destroyed_owners()), key=str)
    erasure.erase_again(back, at=at)
    # Their keys are gone; the rows must say so too, or lists would try to open them.
    for start in range(0, len(back), 500):
        threads = Thread.objects.filter(pk__in=back[start : start + 500], forgotten_at=None)
        for thread_id in list(threads.values_list("pk", flat=True)):
            conversations.forget(thread_id, at=at)
    if back:
        vault.scrub()
    return len(back)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
    import django

    asked = json.load(sys.stdin)
    # Logs are written to the output too; the answer is the only thing that belongs there.
    answer = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        django.setup()
        settled = settle(
            [UUID(one) for one in asked["erased"]],
            made_at=asked["made_at"],
            release=asked["release"],
        )
    json.dump(asdict(settled), answer)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
