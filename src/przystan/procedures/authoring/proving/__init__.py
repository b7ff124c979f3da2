"""Proofs about definitions: what examples and surveys try, a solver settles for all facts.

Needs the package z3-solver (extra `authoring`). What is reported as shown was confirmed by the
engine; what is reported as impossible was proved; the rest is "not settled". The limits of the
proofs stand in docs/reference/procedures.md.
"""

from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from typing import Final

from przystan.core.errors import PrzystanError
from przystan.procedures.authoring.proving.data import (
    About,
    Comparison,
    Difference,
    Finding,
    Holds,
    Proof,
)
from przystan.procedures.authoring.proving.reporting import in_words, told
from przystan.procedures.catalogue import Catalogue, Procedure
from przystan.procedures.forms import Version
from przystan.rules import Fault

__all__ = [
    "SECONDS",
    "About",
    "Comparison",
    "Difference",
    "Finding",
    "Holds",
    "Proof",
    "compared",
    "faults",
    "in_words",
    "is_available",
    "proof",
    "told",
]

SECONDS: Final = 30.0


def is_available() -> bool:
    """Whether the solver is installed."""
    return find_spec("z3") is not None


def proof(ready: Catalogue, procedure: Procedure, on: date, seconds: float = SECONDS) -> Proof:
    """Everything that is asked of a version as of a day, in at most so many seconds.

    Raises:
        PrzystanError: the solver is not installed.
    """
    _need_solver()
    from przystan.procedures.authoring.proving import whole
    from przystan.procedures.authoring.proving.law import governed, law_of

    version = procedure.version
    return whole.proved(
        whole.Asked(
            procedure.program,
            law_of(ready, procedure, on),
            last=governed(ready, procedure)[1],
            verdicts={id: form.verdict.value for id, form in version.outcomes.items()},
            seconds=seconds,
        )
    )


def faults(
    ready: Catalogue, procedure: Procedure, on: date, seconds: float = SECONDS
) -> Iterator[Fault]:
    """What is surely wrong with a version, each with file, line, facts and remedy."""
    yield from told(proof(ready, procedure, on, seconds), procedure.version.file)


def compared(
    ready: Catalogue, before: Version, after: Version, on: date, seconds: float = SECONDS
) -> Comparison:
    """Facts on which two versions come to different outcomes, under the law of one day.

    Raises:
        PrzystanError: the solver is not installed.
    """
    _need_solver()
    from przystan.procedures.authoring.proving.law import law_of
    from przystan.procedures.authoring.proving.versions import differences

    later = ready.ready(after)
    law = law_of(ready, later, on).for_any_version()
    return differences(ready.ready(before).program, later.program, law, seconds)


def _need_solver() -> None:
    if not is_available():
        raise PrzystanError(
            "Proofs need the solver z3. Install it with: pip install 'przystan[authoring]'"
        )
