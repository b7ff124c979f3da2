"""What other apps receive from `conversations`: frozen, readable, nothing left to query."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from przystan.assistant.data import Answer

Author = Literal["person", "assistant", "consultant"]
# answered: the assistant could; waiting: for a human; claimed: a human has it; replied: a human
# answered; closed: nothing more is expected.
State = Literal["answered", "waiting", "claimed", "replied", "closed"]


@dataclass(frozen=True, slots=True)
class OutcomeDay:
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check came to, in the words in which the thread told it.

    `why` holds the sentences that decided; `verdict` is yes, no, depends or later, "" while
    nothing is decided; `fee_grosz` is None where nothing is paid or it is not known.
    """

    procedure: str
    procedure_title: str
    lang: str
    title: str
    verdict: str
    status: str
    days: tuple[OutcomeDay, ...]
    fee_grosz: int | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    id: UUID
    author: Author
    at: datetime
    text: str
    # Set on the assistant's messages: the answer as it was given, replayable.
    answer: Answer | None = None
    # Whether the person said that this answer was right; None while they have not.
    was_right: bool | None = None
    # Set on turns of a check; `outcome` on the one that says what it came to.
    check_id: UUID | None = None
    outcome: CheckOutcome | None = None


@dataclass(frozen=True, slots=True)
class ThreadView:
    """One conversation of one person on one matter."""

    id: UUID
    token: str  # of the secret link; empty for a reader who did not come by it
    lang: str  # the language that the person reads and gets answers in
    question_lang: str
    state: State
    is_sealed: bool
    created_at: datetime
    waiting_since: datetime | None
    position: int | None  # in the queue of its language, from 1; None unless waiting
    has_email: bool
    messages: tuple[MessageView, ...]
    claimed_by: UUID | None = None

    @property
    def check_id(self) -> UUID | None:
        """The check that went on last in this conversation."""
        return next((m.check_id for m in reversed(self.messages) if m.check_id), None)

    @property
    def question(self) -> str:
        return next((m.text for m in self.messages if m.author == "person"), "")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A waiting thread as the desk lists it: enough to choose it by, nothing to read."""

    id: UUID
    lang: str
    state: State
    is_sealed: bool
    waiting_since: datetime
    reason: str  # why a human is needed, a code of `assistant.data.Reason`
    claimed_by: UUID | None
    preview: str  # the first 120 characters of the question; empty for sealed threads


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A redacted question that found nothing, for the editors."""

    id: int
    lang: str
    text: str
    reason: str
    asked_on: str
