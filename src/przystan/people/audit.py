"""Who did or saw what: rows written with the act, chained within seconds, verified at any time.

`record` and `record_view` add a row in the caller's transaction, so an act and its row exist
together or not at all. The worker calls `seal_pending`, which gives each new row its place in the
chain of its office: a sequence number, the hash of the row before it, and its own hash over both
and everything the row says. `verify` walks the chains. Who holds the chain heads outside
(`przystan audit heads --json`) can also prove that no chain was rewritten or cut short.

Rows outlive the people in them: they hold subject keys and ids only. After erasure nothing leads
from a subject key to a person, and no hash changes.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_noop

from przystan.people import roles, vault
from przystan.people.actor import Actor
from przystan.people.models import PLATFORM, Account, AuditChain, AuditMention, AuditRow, Office

ACT: Final = re.compile(r"[a-z_]+(\.[a-z0-9_-]+)+")
# Ids and details are states, counts and versions; longer words would be somebody's.
LONGEST: Final = 120
FIRST_HASH: Final = bytes(32)
# Rows sealed in one transaction: on SQLite everybody else waits for it.
BATCH: Final = 500
UNNAMED_ACT: Final = gettext_noop("Data about you")
UNNAMED_PURPOSE: Final = gettext_noop("To do the work of the office")

# What a row says, in the names under which it is hashed. Never reordered, only versioned.
CONTENT: Final = (
    "id",
    "at",
    "chain",
    "act",
    "is_view",
    "actor_subject",
    "actor_role",
    "actor_office_id",
    "on_behalf_of",
    "purpose",
    "assurance",
    "subject",
    "subjects",
    "ids",
    "is_about_sealed",
    "detail",
)


# --- recording --------------------------------------------------------------------------


def record(
    actor: Actor,
    act: str,
    *,
    subject: UUID | None = None,
    ids: Sequence[UUID | str] = (),
    office_id: UUID | None = None,
    sealed: bool = False,
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Add the row of an act, in the caller's transaction: one INSERT.

    Args:
        act: "room.what_happened".
        subject: subject key (never the account id) of the person whom the act concerns.
        ids: ids of the records that were written.
        office_id: the office that owns the record, and so its chain; else the actor's office.
        sealed: the record is sealed: the row keeps keyed hashes of the ids, and neither the
            person nor the detail; its team finds it by `opaque(id)`.
        detail: states, counts and versions; never words of a person.

    Raises:
        RuntimeError: outside a transaction the row could be lost, or stay without its act.
        ValueError: an account id instead of a subject key, or something longer than a state.
    """
    _add(actor, act, subject, ids, office_id, sealed, detail or {})


def record_view(
    actor: Actor,
    act: str,
    *,
    subject: UUID | None = None,
    subjects: Iterable[UUID | None] = (),
    ids: Sequence[UUID | str] = (),
    office_id: UUID | None = None,
    sealed: bool = False,
) -> None:
    """Add the row of one page viewed, listing the ids on it.

    Arguments as in `record`; `subjects` are the persons on a page that lists several, each of
    whom then finds it under "who looked at my data". A page with sealed and other records on it
    is recorded twice, once for each kind.
    """
    listed = sorted({str(one) for one in subjects if one is not None})
    row = _add(actor, act, subject, ids, office_id, sealed, {}, is_view=True, subjects=listed)
    if row.subjects:
        AuditMention.objects.bulk_create(
            [AuditMention(row=row, subject=UUID(one)) for one in row.subjects]
        )


def opaque(record_id: UUID | str) -> str:
    """How rows about sealed records name a record: found by who knows the id, by nobody else."""
    return vault.blind_index("record", str(record_id)).hex()


def _add(
    actor: Actor,
    act: str,
    subject: UUID | None,
    ids: Sequence[UUID | str],
    office_id: UUID | None,
    sealed: bool,
    detail: Mapping[str, str | int],
    *,
    is_view: bool = False,
    subjects: Sequence[str] = (),
) -> AuditRow:
    if not connection.in_atomic_block:
        raise RuntimeError(f"audit row {act} outside a transaction could be lost.")
    if sealed:
        subject, subjects, detail = None, (), {}
        ids = [opaque(one) for one in ids]
    _check(actor, act, subject, ids, detail)
    return AuditRow.objects.create(
        chain=office_id or actor.office_id or PLATFORM,
        act=act,
        is_view=is_view,
        actor_subject=actor.subject,
        actor_role=actor.role,
        actor_office_id=actor.office_id,
        on_behalf_of=actor.on_behalf_of,
        purpose=actor.purpose,
        assurance=actor.assurance,
        subject=subject,
        subjects=list(subjects),
        ids=[str(one) for one in ids],
        is_about_sealed=sealed,
        detail=dict(detail),
    )


def _check(
    actor: Actor,
    act: str,
    subject: UUID | None,
    ids: Sequence[UUID | str],
    detail: Mapping[str, str | int],
) -> None:
    if not ACT.fullmatch(act):
        raise ValueError(f"Act {act!r} is not of the form room.what_happened.")
    # What is chained cannot be erased: an account id would name its person for ever.
    if actor.account_id and str(actor.account_id) in {str(one) for one in (subject, *ids)}:
        raise ValueError(f"{act}: a row names people by subject key, not by account id.")
    for words in (*ids, *detail, *detail.values()):
        if isinstance(words, str) and not (len(words) <= LONGEST and words.isprintable()):
            raise ValueError(f"{act}: an id or a detail is longer than a state or a version.")


# --- sealing ----------------------------------------------------------------------------


def seal_pending(*, at: datetime) -> int:
    """Give every new row its place in its chain and return how many got one.

    Of two workers at once one waits for the other. A row whose transaction commits late gets a
    later place than its id suggests: the order of a chain is its sequence.
    """
    waiting = AuditRow.objects.filter(sequence=None).order_by("chain")
    chains = list(waiting.values_list("chain", flat=True).distinct())
    return sum(_seal_chain(chain, at) for chain in chains)


def _seal_chain(chain: UUID, at: datetime) -> int:
    count = 0
    while sealed := _seal_batch(chain, at):
        count += sealed
        if sealed < BATCH:
            break
    return count


@transaction.atomic
def _seal_batch(chain: UUID, at: datetime) -> int:
    head, _is_new = AuditChain.objects.select_for_update().get_or_create(
        chain=chain, defaults={"head": FIRST_HASH}
    )
    rows = AuditRow.objects.filter(chain=chain, sequence=None).order_by("id").values(*CONTENT)
    places = []
    for row in rows[:BATCH]:
        previous = bytes(head.head)
        head.length += 1
        head.head = row_hash(row, head.length, previous)
        places.append((head.length, previous, head.head, row["id"]))
    if places:
        _place(places)
        head.sealed_at = at
        head.save(update_fields=["length", "head", "sealed_at"])
    return len(places)


def _place(places: list[tuple[int, bytes, bytes, int]]) -> None:
    table = AuditRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{table}" SET sequence = %s, previous_hash = %s, row_hash = %s '  # noqa: S608
            "WHERE id = %s AND sequence IS NULL",
            places,
        )


def row_hash(row: Mapping[str, Any], sequence: int, previous: bytes) -> bytes:
    """SHA-256 over the canonical JSON of a row in its place.

    Canonical: keys sorted, no spaces, UTF-8, UUIDs in lower case with hyphens, moments in UTC
    with six digits of a second, hashes in hex. `tests/test_audit.py` shows one row in full.
    """
    said = {name: row[name] for name in CONTENT}
    said["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    said |= {"version": 1, "sequence": sequence, "previous_hash": previous.hex()}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


# --- verifying --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """Length of a chain and the hash of its last row, in hex: what an outside party keeps."""

    chain: str
    length: int
    head: str


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain is not what it was: which, where, and what is wrong there."""

    chain: str
    sequence: int
    row_id: int | None
    reason: str

    def __str__(self) -> str:
        row = "" if self.row_id is None else f" (row {self.row_id})"
        return f"chain {self.chain}, place {self.sequence}{row}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found. `unsealed` counts rows still without a place."""

    heads: tuple[Head, ...]
    breaks: tuple[Break, ...]
    unsealed: int


def heads() -> list[Head]:
    """The head of every chain, as the database states it."""
    chains = AuditChain.objects.order_by("chain")
    return [Head(str(one.chain), one.length, bytes(one.head).hex()) for one in chains]


def verify(held: Iterable[Head] = ()) -> Verification:
    """Walk every chain and name each row that was changed, removed, added or moved.

    Args:
        held: heads kept outside; they prove that the chains still contain what they did then.
    """
    stated = {one.chain: one for one in heads()}
    outside: dict[str, list[Head]] = {}
    for one in held:
        outside.setdefault(one.chain, []).append(one)
    breaks: list[Break] = []
    sealed = AuditRow.objects.exclude(sequence=None).order_by("chain", "sequence")
    rows = sealed.values(*CONTENT, "sequence", "previous_hash", "row_hash").iterator(2000)
    walked = set()
    for chain, links in groupby(rows, key=lambda row: str(row["chain"])):
        walked.add(chain)
        breaks += _walk(chain, links, stated.get(chain), outside.get(chain, []))
    for chain in sorted((stated.keys() | outside.keys()) - walked):
        breaks += _walk(chain, iter(()), stated.get(chain), outside.get(chain, []))
    unsealed = AuditRow.objects.filter(sequence=None).count()
    return Verification(tuple(stated.values()), tuple(breaks), unsealed)


def _walk(
    chain: str, links: Iterator[dict[str, Any]], stated: Head | None, held: list[Head]
) -> Iterator[Break]:
    place, previous = 0, FIRST_HASH
    kept = {one.length: one for one in held}
    for link in links:
        row_id, sequence, own = link["id"], link["sequence"], bytes(link["row_hash"] or b"")
        if sequence != place + 1:
            yield Break(chain, place + 1, None, f"missing, up to place {sequence - 1}")
            previous = bytes(link["previous_hash"] or b"")
        if bytes(link["previous_hash"] or b"") != previous:
            yield Break(chain, sequence, row_id, "does not follow the row before: moved or added")
        elif row_hash(link, sequence, previous) != own:
            yield Break(chain, sequence, row_id, "changed: it does not give its hash any more")
        place, previous = sequence, own
        if (one := kept.pop(place, None)) and one.head != own.hex():
            yield Break(chain, place, row_id, "differs from the head held outside: rewritten")
    yield from _ends(chain, place, previous, stated, kept)


def _ends(
    chain: str, length: int, last: bytes, stated: Head | None, kept: dict[int, Head]
) -> Iterator[Break]:
    if stated is None:
        yield Break(chain, length, None, "its head is missing")
    elif stated.length != length:
        yield Break(chain, stated.length, None, f"its head states this length, {length} are there")
    elif stated.head != last.hex():
        yield Break(chain, length, None, "its head states another hash")
    for one in kept.values():
        if one.length > length:
            yield Break(chain, one.length, None, "held outside and missing here: cut short")


def as_json(heads: Iterable[Head]) -> str:
    return json.dumps([asdict(one) for one in heads], indent=2)


def from_json(text: str) -> list[Head]:
    """Read back what `as_json` wrote.

    Raises:
        ValueError: not such a file.
    """
    try:
        held = json.loads(text)
        if not isinstance(held, list):
            raise TypeError
        return [
            Head(str(UUID(one["chain"])), int(one["length"]), bytes.fromhex(one["head"]).hex())
            for one in held
        ]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError("not a list of chain heads as `przystan audit heads` prints it") from error


# --- who looked -------------------------------------------------------------------------

_WORDS: dict[str, str] = {}


def name(id: str, msgid: str) -> None:
    """Say what an act or a purpose is called on the person's page; in the owning app's handlers.

    `msgid` completes "what was seen" ("A conversation of yours") or "what for" ("To answer you").
    """
    _WORDS[id] = msgid


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person's data, as the person is shown it: never the name of the official."""

    at: datetime
    role: str
    # Name of the office that looked; empty for somebody without one.
    office: str
    purpose: str
    act: str

    @property
    def who(self) -> str:
        """The role's name in the language of the page."""
        known = roles.book().roles.get(self.role)
        return known.label if known else self.role

    @property
    def what(self) -> str:
        return gettext(_WORDS.get(self.act, UNNAMED_ACT))

    @property
    def why(self) -> str:
        return gettext(_WORDS.get(self.purpose, UNNAMED_PURPOSE))


def who_looked(account: Account, *, limit: int = 200) -> list[Look]:
    """The newest looks of others at this person's data.

    Looks at sealed records are not among them: whoever holds the person's phone may open this
    page. Neither are the person's own, nor work of the product itself.
    """
    on_lists = AuditMention.objects.filter(subject=account.subject).values("row_id")
    rows = (
        AuditRow.objects.filter(Q(subject=account.subject) | Q(pk__in=on_lists))
        .filter(is_view=True, is_about_sealed=False)
        .exclude(actor_subject=account.subject)
        .exclude(actor_role="system")
        .order_by("-id")
    )
    office = Office.objects.filter(pk=OuterRef("actor_office_id")).values("name")
    named = rows.annotate(office=Coalesce(Subquery(office), Value("")))
    fields = ("at", "actor_role", "office", "purpose", "act")
    return [Look(*values) for values in named.values_list(*fields)[:limit]]
