"""Gates that a publication must pass: rooms above register them, publishing asks them all.

The assistant registers the one that asks every article's test questions (F26).
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from przystan.core.errors import PrzystanError
from przystan.knowledge.data import Candidate, Failure

Gate = Callable[[Candidate], list[Failure]]
_GATES: list[Gate] = []


class PublicationStoppedError(PrzystanError):
    """The publication was stopped and nothing was changed; `failures` say why."""

    status = 422

    def __init__(self, failures: list[Failure]) -> None:
        reasons = "\n".join(_told(failure) for failure in failures)
        super().__init__(
            _("This was not published, and nothing was changed.\n%(reasons)s")
            % {"reasons": reasons}
        )
        self.failures = failures


def _told(failure: Failure) -> str:
    """The reason, after what it is about: the article, the language, the question asked."""
    about = ", ".join(part for part in (failure.article, failure.lang) if part)
    if failure.question:
        about = f"{about}, „{failure.question}”" if about else f"„{failure.question}”"
    return f"{about}: {failure.reason}" if about else failure.reason


def register(gate: Gate) -> None:
    if gate not in _GATES:
        _GATES.append(gate)


def unregister(gate: Gate) -> None:
    """For tests: a gate stays registered for the life of the process otherwise."""
    if gate in _GATES:
        _GATES.remove(gate)


def ask(candidate: Candidate) -> None:
    """Ask every gate, so that an editor learns all reasons at once.

    Raises:
        PublicationStoppedError: at least one gate gave a failure.
    """
    if failures := [failure for gate in _GATES for failure in gate(candidate)]:
        raise PublicationStoppedError(failures)
