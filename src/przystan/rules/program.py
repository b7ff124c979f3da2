"""A definition made ready: checked against the vocabulary, laid out, compiled.

`compiled()` is what a loader calls; the resulting `Program` is immutable, shared by threads, and
knows for each fact what depends on it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from .cells import Cells, cells_of
from .checking import Checker
from .compiling import PENDING, Compiler, Key, remembered
from .definitions import Definition, Outcome, Rule, Table
from .faults import DefinitionError, Fault
from .lists import Evaluate, Members
from .meaning import Constant, Meaning, Of, Read, children
from .tables import CheckedTable, CompiledTable, checked_table
from .values import BOOL, DATE, Kind, Type, Unknown
from .vocabulary import KnownBy, Vocabulary, is_name

ON: Final = 0  # the slot of the day; its bit is the first one
DAY_HOLE: Final = 1 << ON


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that may be missing: a fact, an item's field, a parameter, a silent table.

    For a list `index` and `field` say which record lacks what; without them it is the list itself
    that nobody asked for, or that nobody said is complete.
    """

    of: Of
    id: str
    index: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A rule, table or condition of an outcome, ready to be read."""

    slot: int
    type: Type
    read: Evaluate
    facts: tuple[str, ...]
    """The facts it depends on, through other rules too, in order of first mention."""
    reads: frozenset[Key]
    """Rules and tables it names itself."""
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A definition ready to be evaluated; make it with `compiled`."""

    definition: Definition
    vocabulary: Vocabulary
    slots: Mapping[Key, int]
    fact_slots: Mapping[str, int]
    """The slots of facts alone, in order of first mention."""
    template: tuple[Any, ...]
    """The environment when nothing is known; rules are pending."""
    holes: tuple[Hole, ...]
    """The hole of each bit that every check has; a check adds those of its list items."""
    samples: Mapping[str, int]
    """For each list the bits of the fields of an item not given yet."""
    all_samples: int
    parts: Mapping[Key, Part]
    conditions: tuple[Part, ...]
    dependents: Mapping[int, tuple[int, ...]]
    """Slot of a fact, parameter or the day → slots of what has to be worked out anew."""
    cells: Cells
    askable: int
    """Bits of facts that a person can be asked."""
    touched: Mapping[tuple[int, int], tuple[int, ...]]
    """Slots of a part and of a fact → what the part reads that depends on the fact."""
    compile: Callable[[Meaning], Evaluate]
    """Compiles a piece of a part's meaning, for the explanation."""
    rows: Mapping[str, Callable[[list[Any]], int]]
    """For each table the rows that surely fit, as bits."""
    skeletons: dict[int, object] = field(default_factory=dict)
    """Slot of a part → its pieces; filled by `skeleton.skeleton` when first needed."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the definition reads, in order of first mention."""
        return tuple(self.fact_slots)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(id for of, id in self.slots if of is Of.PARAMETER)

    def sources_of(self, key: Key) -> tuple[str, ...]:
        """The provisions of a rule; a table's rows have their own."""
        for rule in self.definition.rules:
            if key == (Of.RULE, rule.id):
                return rule.sources
        return ()

    def __hash__(self) -> int:
        return id(self)


def compiled(definition: Definition, vocabulary: Vocabulary) -> Program:
    """Check the definition and make it ready.

    Raises:
        DefinitionError: everything found wrong, each with file, line, column and remedy.
    """
    checked = _Checked(definition, vocabulary)
    checked.check()
    return _Layout(checked).program()


class _CircleError(Exception):
    """A rule reads itself, over others perhaps."""


class _Checked:
    """The meanings of all rules, tables and conditions, in an order in which each reads earlier."""

    def __init__(self, definition: Definition, vocabulary: Vocabulary) -> None:
        self.definition, self.vocabulary = definition, vocabulary
        self.faults: list[Fault] = []
        self.rules: dict[Key, Meaning | CheckedTable] = {}
        self.conditions: list[Meaning] = []
        self.numbers = count()
        self._written: dict[str, Rule | Table] = {}
        self._open: list[str] = []
        self._checker = Checker(self._resolve, self._names, self.numbers)

    def check(self) -> None:
        self._collect_names()
        for id in self._written:
            self._checked_rule(id)
        for outcome in self.definition.outcomes:
            self._check_outcome(outcome)
        if not self.definition.outcomes:
            self._fault(self.definition, "The definition has no outcomes.", "Add one.")
        if self.faults:
            raise DefinitionError(self.faults)

    def _collect_names(self) -> None:
        seen: set[str] = set()
        entries: list[Rule | Table] = [*self.definition.rules, *self.definition.tables]
        for entry in entries:
            if not is_name(entry.id):
                self._fault(entry, f"`{entry.id}` cannot be a name.", "Use a-z, 0-9 and _.")
            if entry.id in self.vocabulary.facts or entry.id in self.vocabulary.parameters:
                self._fault(entry, f"`{entry.id}` is already in the vocabulary.", "Rename it.")
            elif entry.id in self._written:
                self._fault(entry, f"`{entry.id}` is defined twice.", "Rename one of them.")
            else:
                self._written[entry.id] = entry
        for outcome in self.definition.outcomes:
            if outcome.id in seen:
                self._fault(outcome, f"The outcome {outcome.id} stands twice.", "Join them by ||.")
            seen.add(outcome.id)

    def _fault(self, entry: Any, message: str, hint: str) -> None:
        self.faults.append(Fault(entry.where, message, hint))

    def _check_outcome(self, outcome: Outcome) -> None:
        for detail in outcome.details:
            if detail not in self._written:
                self._fault(
                    outcome, f"There is no rule or table `{detail}`.", "Correct the details."
                )
        try:
            self.conditions.append(self._checker.check(outcome.when, BOOL))
        except DefinitionError as error:
            self._note(error)

    def _note(self, error: DefinitionError) -> None:
        self.faults += [fault for fault in error.faults if fault not in self.faults]

    def _checked_rule(self, id: str) -> Meaning | CheckedTable | None:
        """The meaning of a rule or table, checked when first needed; None when it is wrong."""
        written = self._written[id]
        key = (Of.RULE if isinstance(written, Rule) else Of.TABLE, id)
        if key in self.rules:
            return self.rules[key]
        if id in self._open:
            circle = " → ".join([*self._open[self._open.index(id) :], id])
            self._fault(written, f"The rule reads itself: {circle}.", "Break the circle.")
            raise _CircleError
        self._open.append(id)
        try:
            if isinstance(written, Rule):
                self.rules[key] = self._checker.check(written.value)
            else:
                self.rules[key] = checked_table(written, self._checker)
        except DefinitionError as error:
            self._note(error)
        except _CircleError:
            if len(self._open) > 1:
                raise
        finally:
            self._open.pop()
        return self.rules.get(key)

    def _resolve(self, name: str) -> Read | None:
        if name == "on":
            return Read(Of.DAY, "on", DATE)
        if (fact := self.vocabulary.facts.get(name)) is not None:
            return Read(Of.FACT, name, fact.type.bare())
        if (parameter := self.vocabulary.parameters.get(name)) is not None:
            return Read(Of.PARAMETER, name, parameter.type.bare())
        if (written := self._written.get(name)) is None:
            return None
        of = Of.RULE if isinstance(written, Rule) else Of.TABLE
        meaning = self._checked_rule(name)
        # A wrong rule was named as a fault already; what reads it is checked as if it were fine.
        return Read(of, name, meaning.type if meaning is not None else BOOL)

    def _names(self) -> Sequence[str]:
        known = self.vocabulary
        return ["on", *self._written, *known.facts, *known.parameters]


def _meanings(entry: Meaning | CheckedTable) -> tuple[Meaning, ...]:
    return entry.meanings if isinstance(entry, CheckedTable) else (entry,)


def _reads(entry: Iterable[Meaning]) -> Iterator[Read]:
    for meaning in entry:
        if isinstance(meaning, Read):
            yield meaning
        yield from _reads(children(meaning))


def _variable_numbers(entry: Iterable[Meaning]) -> Iterator[int]:
    for meaning in entry:
        if variable := getattr(meaning, "variable", None):
            yield variable.number
        yield from _variable_numbers(children(meaning))


class _Layout:
    """Where everything stands in the environment, and which bit is whose."""

    def __init__(self, checked: _Checked) -> None:
        self._checked = checked
        self._entries: dict[Key, tuple[Meaning, ...]] = {
            key: _meanings(entry) for key, entry in checked.rules.items()
        }
        self._conditions = [(meaning,) for meaning in checked.conditions]
        self.slots: dict[Key, int] = {(Of.DAY, "on"): ON}
        self._template: list[Any] = [PENDING]
        self._holes: list[Hole] = [Hole(Of.DAY, "on")]
        self._samples: dict[str, int] = {}
        self._askable = 0
        self._variables: dict[int, int] = {}
        self._rows: dict[str, Callable[[list[Any]], int]] = {}

    def program(self) -> Program:
        checked = self._checked
        everything = [*self._conditions, *self._entries.values()]
        inputs: dict[Key, None] = dict.fromkeys(
            (read.of, read.id)
            for meanings in everything
            for read in _reads(meanings)
            if read.of in (Of.FACT, Of.PARAMETER)
        )
        for key in sorted(inputs, key=lambda key: key[0] is Of.PARAMETER):
            self._add_input(key)
        # A fact's bit is that of its slot; the bits of list items come after all of them.
        for of, id in inputs:
            if of is Of.FACT:
                slot = self.slots[of, id]
                self._template[slot] = self._nothing_known(id, 1 << slot)
        for key in self._entries:
            self._add_slot(key, PENDING)
        condition_slots = [self._add_slot(None, PENDING) for _ in self._conditions]
        for number in (n for meanings in everything for n in _variable_numbers(meanings)):
            self._variables[number] = self._add_slot(None, None)
        parts, conditions = self._parts(condition_slots)
        dependents, touched = self._dependents((*parts.values(), *conditions), parts)
        return Program(
            definition=checked.definition,
            vocabulary=checked.vocabulary,
            slots=self.slots,
            fact_slots={id: slot for (of, id), slot in self.slots.items() if of is Of.FACT},
            template=tuple(self._template),
            holes=tuple(self._holes),
            samples=self._samples,
            all_samples=sum(self._samples.values()),
            parts=parts,
            conditions=conditions,
            dependents=dependents,
            cells=cells_of(checked.vocabulary, everything),
            askable=self._askable,
            touched=touched,
            compile=self._compiler.compiled,
            rows=self._rows,
        )

    def _add_slot(self, key: Key | None, value: Any) -> int:
        slot = len(self._template)
        self._template.append(value)
        if key is not None:
            self.slots[key] = slot
        return slot

    def _add_hole(self, hole: Hole) -> int:
        self._holes.append(hole)
        return 1 << (len(self._holes) - 1)

    def _add_input(self, key: Key) -> None:
        of, id = key
        bit = self._add_hole(Hole(of, id))
        if of is Of.PARAMETER:
            self._add_slot(key, Unknown(bit))
            return
        if self._checked.vocabulary.facts[id].known_by is KnownBy.PERSON:
            self._askable |= bit
        self._add_slot(key, None)

    def _nothing_known(self, id: str, bit: int) -> Any:
        """What stands for the fact before anybody said anything."""
        fact = self._checked.vocabulary.facts[id]
        if fact.type.kind is not Kind.LIST or fact.type.item is None:
            return blank(fact.type, bit)
        first = len(self._holes)
        item = fact.type.item
        if item.kind is Kind.RECORD:
            sample: Any = tuple(
                blank(inner, self._add_hole(Hole(Of.FACT, fact.id, field=name)))
                for name, inner in item.fields
            )
        else:
            sample = blank(item, self._add_hole(Hole(Of.FACT, fact.id, field="")))
        self._samples[fact.id] = (1 << len(self._holes)) - (1 << first)
        return Members((), (), Unknown(bit), sample)

    def _parts(self, condition_slots: list[int]) -> tuple[dict[Key, Part], tuple[Part, ...]]:
        compiler = self._compiler = Compiler(self.slots, self._variables)
        parts: dict[Key, Part] = {}
        facts: dict[Key, tuple[str, ...]] = {}
        for key, entry in self._checked.rules.items():
            body = self._body(key, entry, compiler)
            compiler.bodies[key] = body
            facts[key] = _facts(self._entries[key], facts)
            parts[key] = self._part(self.slots[key], entry.type, body, facts[key], key)
        conditions = []
        for slot, meanings in zip(condition_slots, self._conditions, strict=True):
            body = compiler.compiled(meanings[0])
            read = remembered(slot, body)
            own = _facts(meanings, facts)
            conditions.append(Part(slot, BOOL, read, own, _named(meanings), meanings))
        return parts, tuple(conditions)

    def _part(
        self, slot: int, type_: Type, body: Evaluate, facts: tuple[str, ...], key: Key
    ) -> Part:
        meanings = self._entries[key]
        return Part(slot, type_, remembered(slot, body), facts, _named(meanings), meanings)

    def _body(self, key: Key, entry: Meaning | CheckedTable, compiler: Compiler) -> Evaluate:
        of, id = key
        if isinstance(entry, CheckedTable):
            silent = Unknown(self._add_hole(Hole(of, id)))
            table = CompiledTable(entry, silent, compiler)
            self._rows[id] = table.sure
            return table.value
        rule = next(rule for rule in self._checked.definition.rules if rule.id == id)
        if rule.is_verified:
            return compiler.compiled(entry)
        return compiler.compiled(Constant(Unknown(self._add_hole(Hole(of, id))), entry.type))

    def _dependents(
        self, everything: Sequence[Part], parts: Mapping[Key, Part]
    ) -> tuple[dict[int, tuple[int, ...]], dict[tuple[int, int], tuple[int, ...]]]:
        """What to forget when an input changes: in all, and of what one part reads."""
        reached = _reached(everything, parts)
        named = {
            part.slot: {self.slots[read.of, read.id] for read in _reads(part.meanings)}
            for part in everything
        }
        inputs = {slot for (of, _), slot in self.slots.items() if of not in (Of.RULE, Of.TABLE)}
        read_by = {
            part.slot: inputs.intersection(set().union(*(named[r] for r in reached[part.slot])))
            for part in everything
        }
        dependents: dict[int, list[int]] = {slot: [] for slot in inputs}
        touched: dict[tuple[int, int], tuple[int, ...]] = {}
        for part in everything:
            inner = sorted(reached[part.slot])
            for slot in read_by[part.slot]:
                dependents[slot].append(part.slot)
                touched[part.slot, slot] = tuple([s for s in inner if slot in read_by[s]])
        return {slot: tuple(found) for slot, found in dependents.items()}, touched


def blank(type_: Type, bit: int) -> Any:
    """The unknown of a bit within the bounds of the type; a record's fields are all unknown."""
    if type_.kind is Kind.RECORD:
        return tuple(Unknown(bit, 0, inner.low, inner.high) for _, inner in type_.fields)
    return Unknown(bit, 0, type_.low, type_.high)


def _named(meanings: Iterable[Meaning]) -> frozenset[Key]:
    return frozenset(
        (read.of, read.id) for read in _reads(meanings) if read.of in (Of.RULE, Of.TABLE)
    )


def _facts(meanings: Iterable[Meaning], known: Mapping[Key, tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for read in _reads(meanings):
        if read.of is Of.FACT:
            found[read.id] = None
        else:
            found |= dict.fromkeys(known.get((read.of, read.id), ()))
    return tuple(found)


def _reached(everything: Sequence[Part], parts: Mapping[Key, Part]) -> dict[int, frozenset[int]]:
    """Slot of a part → its own slot and those of all parts it reads."""
    found: dict[int, frozenset[int]] = {}
    for part in everything:
        inner = [found[parts[key].slot] for key in part.reads]
        found[part.slot] = frozenset({part.slot}).union(*inner)
    return found
