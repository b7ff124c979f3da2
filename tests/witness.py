"""What a request changed in the database, and in which transaction each row was written."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

# Tables that hold no record of anybody: state of delivery, of a browser, of a library's own.
# Reviewed by hand; a new table is watched from its first day.
UNWATCHED = frozenset(
    {
        "core_event",  # news for open pages, ids and states for two days
        "core_idempotentact",  # keys of forms, so that a repeated one is one
        "core_outboxmessage",  # what goes out after the act; the act itself has its row
        "core_scheduledjob",  # when a periodic job ran last
        "django_session",  # locked, expires by itself; signing in and out have their rows
        "django_tasks_database_dbtaskresult",  # jobs of the worker
        "people_auditchain",  # the trail itself
        "people_auditmention",
        "people_auditrow",
        "wagtailadmin_editingsession",  # who has which draft open just now
        "wagtailusers_userprofile",  # an editor's own look of the room
    }
)
# Rights of the editors' room are given anew from the role at every entry (editors/access.py);
# the role has its row.
DERIVED = frozenset({"people_account_groups"})
# When an app or a key was last used: a convenience of the library's pages, no act.
UNWATCHED_COLUMNS = {
    "mfa_authenticator": {"last_used_at"},
    "people_account": {"last_login"},
    "people_apitoken": {"last_used_on"},
}
TRAIL = "people_auditrow"
_WRITE = re.compile(r'^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.I)

State = dict[str, tuple[int, str]]


def state(unwatched: frozenset[str] = UNWATCHED | DERIVED) -> State:
    """Row count and content hash of every watched table."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - unwatched
        return {name: _content(cursor, name) for name in sorted(names)}


def _content(cursor, name: str) -> tuple[int, str]:
    cursor.execute(f'SELECT * FROM "{name}"')
    skipped = UNWATCHED_COLUMNS.get(name, ())
    kept = [place for place, column in enumerate(cursor.description) if column[0] not in skipped]
    rows = sorted(repr([_plain(row[place]) for place in kept]) for row in cursor.fetchall())
    digest = hashlib.blake2b("\n".join(rows).encode("utf-8", "surrogatepass"), digest_size=16)
    return len(rows), digest.hexdigest()


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def changed(before: State, after: State) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@dataclass
class Witness:
    """Writes by table, each with the transaction (outermost atomic block) it stood in.

    A block is the first savepoint that the product opened beyond those of the test; None is a
    write outside any transaction of the product.
    """

    depth: int
    blocks: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))

    def __call__(self, execute: Callable, sql: str, params, many: bool, context) -> object:
        if written := _WRITE.match(sql):
            opened = connection.savepoint_ids[self.depth :]
            self.blocks[written[1]].add(opened[0] if opened else None)
        return execute(sql, params, many, context)

    def faults(self, tables: set[str], trail: str = TRAIL) -> Iterator[str]:
        """Which of the changed tables were written outside a transaction with an audit row."""
        audited = self.blocks[trail]
        for table in sorted(tables):
            blocks = self.blocks[table]
            if not blocks:
                yield f"{table} was changed by a statement that nobody saw"
            elif None in blocks:
                yield f"{table} was written outside a transaction"
            elif blocks - audited:
                yield f"{table} was written without an audit row in the same transaction"


@contextmanager
def watching() -> Iterator[Witness]:
    witness = Witness(depth=len(connection.savepoint_ids))
    with connection.execute_wrapper(witness):
        yield witness
