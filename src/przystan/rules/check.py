"""A check: one run of a definition over what is known so far, as of a day.

It holds the environment, takes one fact after the other, and works out anew only what depends on
it. A check belongs to one thread; the program behind it is shared.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from .compiling import PENDING
from .faults import FactError
from .lists import Evaluate, Members
from .meaning import Of
from .program import ON, Hole, Program, blank
from .stating import stated
from .values import Dated, Kind, Listing, PartialDate, Type, Unknown, Why
from .vocabulary import Fact, KnownBy

_PLAIN: Final = frozenset({bool, int, str, date, Fraction})


class Check:
    """What is known, and what follows from it. `facts` are as `stating.stated` takes them.

    Facts that the definition does not read are taken and make no difference. Parameters are
    values, `Dated` values, or None for what nobody has verified.

    Raises:
        FactError: a fact that does not fit its type, or that the vocabulary does not know.
    """

    __slots__ = (
        "askable", "env", "facts", "holes", "on", "parameters", "program", "stands", "whys",
    )  # fmt: skip

    def __init__(
        self,
        program: Program,
        facts: Mapping[str, Any],
        parameters: Mapping[str, Any],
        on: date,
    ) -> None:
        self.program = program
        self.on = on
        self.env: list[Any] = list(program.template)
        self.askable = program.askable
        self.holes: list[Hole] | tuple[Hole, ...] = program.holes
        self.whys: dict[int, Why] = {}
        self.facts: dict[str, Any] = {}
        self.parameters = parameters
        self.stands: object = None  # what `relevance.standing` found, until a fact changes
        self.env[ON] = on
        self._place_parameters()
        for id, raw in facts.items():
            self._state(id, raw)

    def state(self, id: str, raw: Any) -> None:
        """Take one more fact, or another value of one already stated."""
        self._state(id, raw)
        self.stands = None
        slot = self.program.fact_slots.get(id)
        if slot is not None:
            env = self.env
            for dependent in self.program.dependents[slot]:
                env[dependent] = PENDING

    def _state(self, id: str, raw: Any) -> None:
        fact = self.program.vocabulary.facts.get(id)
        if fact is None:
            raise FactError(id[:60], "is no fact of the vocabulary.", "Correct its id.")
        value = stated(fact, raw)
        if value is Why.NOT_ASKED:
            self.facts.pop(id, None)
        else:
            self.facts[id] = value
        slot = self.program.fact_slots.get(id)
        if slot is not None:
            self.env[slot] = self._placed(fact, slot, value)

    def _place_parameters(self) -> None:
        for id in self.program.parameters:
            value = self.parameters.get(id)
            if isinstance(value, Dated):
                value = value.on(self.on)
            if value is not None:
                self.env[self.program.slots[Of.PARAMETER, id]] = value

    def _placed(self, fact: Fact, slot: int, value: Any) -> Any:
        """The value as it stands in the environment; what is unknown has its bit."""
        value_class = value.__class__
        if value_class in _PLAIN:
            return value
        bit = 1 << slot  # facts and their bits are laid out in the same order
        if value_class is Why:
            return self._unknown(fact, slot, bit, value)
        if value_class is PartialDate:
            self._note(bit, Why.PERSON_DOES_NOT_KNOW)
            return Unknown(bit, 0, value.first, value.last)
        if value_class is Listing:
            return self._members(fact, slot, bit, value)
        return self._record(fact.id, fact.type, value, None)

    def _unknown(self, fact: Fact, slot: int, bit: int, why: Why) -> Any:
        is_official = why is Why.NOT_ASKED and fact.known_by is KnownBy.OFFICIAL
        self._note(bit, Why.ONLY_AN_OFFICIAL if is_official else why)
        return self.program.template[slot]

    def _note(self, bit: int, why: Why | None) -> None:
        """Why the hole is one; None: it is none any more."""
        if why is None or why is Why.NOT_ASKED:
            self.whys.pop(bit, None)
            self.askable |= bit & self.program.askable
        else:
            self.whys[bit] = why
            self.askable &= ~bit

    def _members(self, fact: Fact, slot: int, bit: int, listing: Listing) -> Members:
        item = fact.type.item
        if item is None:
            raise TypeError(f"{fact.id}: a list needs the type of its items")
        self._note(bit, None)
        blank_list = self.program.template[slot]
        sure = tuple(
            self._record(fact.id, item, value, index)
            if item.kind is Kind.RECORD
            else self._scalar(fact.id, item, value, index, "")
            for index, value in enumerate(listing.items)
        )
        if listing.is_complete:
            return Members(sure)
        return Members(sure, (), blank_list.rest, blank_list.sample)

    def _record(self, id: str, type_: Type, value: Any, index: int | None) -> Any:
        values: Sequence[Any] = (value,) * len(type_.fields) if isinstance(value, Why) else value
        return tuple(
            self._scalar(id, inner, field, index, name)
            for (name, inner), field in zip(type_.fields, values, strict=True)
        )

    def _scalar(self, id: str, type_: Type, value: Any, index: int | None, field: str) -> Any:
        if not isinstance(value, Why):
            return value
        if isinstance(self.holes, tuple):
            self.holes = list(self.holes)
        bit = 1 << len(self.holes)
        self.holes.append(Hole(Of.FACT, id, index, field))
        if value is Why.NOT_ASKED:
            self.askable |= bit
        else:
            self.whys[bit] = value
        return blank(type_, bit)

    def why(self, bit: int) -> Why:
        """Why the hole of the bit is one."""
        if (noted := self.whys.get(bit)) is not None:
            return noted
        hole = self.holes[bit.bit_length() - 1]
        match hole.of:
            case Of.FACT:
                official = self.program.vocabulary.facts[hole.id].known_by is KnownBy.OFFICIAL
                return Why.ONLY_AN_OFFICIAL if official else Why.NOT_ASKED
            case Of.TABLE:
                return Why.RULES_SILENT
        return Why.LAW_NOT_VERIFIED

    def value_of(self, id: str) -> Any:
        """The value of a rule or table, or an `Unknown`."""
        of = Of.RULE if (Of.RULE, id) in self.program.parts else Of.TABLE
        return self.program.parts[of, id].read(self.env)


def supposed(
    env: list[Any],
    suppositions: Mapping[int, Any],
    dependents: Sequence[int],
    read: Evaluate,
) -> Any:
    """What `read` gives if other values stood in these slots; the environment is left as it was."""
    touched = [*suppositions, *dependents]
    kept = [env[slot] for slot in touched]
    for slot in dependents:
        env[slot] = PENDING
    for slot, value in suppositions.items():
        env[slot] = value
    try:
        return read(env)
    finally:
        for slot, value in zip(touched, kept, strict=True):
            env[slot] = value
