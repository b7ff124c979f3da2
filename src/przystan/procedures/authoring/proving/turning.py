"""At which values of a fact a comparison turns, where that can be written down."""

from collections.abc import Iterator

from przystan.procedures.authoring.proving.data import Span
from przystan.procedures.authoring.proving.kleene import as_value
from przystan.procedures.authoring.proving.steps import FIRST, LAST
from przystan.procedures.authoring.proving.terms import TRUE, Term, Value, number
from przystan.procedures.authoring.proving.translating import Translation
from przystan.rules.meaning import Apply, Constant, Extreme, IfElse, Meaning, Of, Read
from przystan.rules.stating import LARGEST_NUMBER
from przystan.rules.values import ORDERED, Kind, Type


def turns(translation: Translation, fact: str, type_: Type, span: Span) -> Iterator[Term]:
    """Values of the fact at its ends, and those at which the comparisons made may turn.

    Near ends of months a day may be one or two beside.
    """
    if type_.kind not in ORDERED:
        return
    yield from ends(type_, span)
    for comparison in translation.comparisons:
        if comparison.value.known is TRUE:
            turning = _Turning(translation, fact)
            yield from turning.values(comparison.side, comparison.value)


def ends(type_: Type, span: Span) -> Iterator[Term]:
    """The lowest and the highest value that the fact can have."""
    low, high = type_.low, type_.high
    if type_.kind is Kind.DATE:
        yield number(low or span[0] or FIRST)
        yield number(high or span[1] or LAST)
        return
    yield number(-LARGEST_NUMBER if low is None else low)
    yield number(LARGEST_NUMBER if high is None else high)


class _Turning:
    def __init__(self, translation: Translation, fact: str) -> None:
        self._translation, self._fact = translation, fact

    def values(self, side: Meaning, value: Value) -> Iterator[Term]:
        """For which values of the fact this side of a comparison has the value."""
        match side:
            case Read(of=Of.FACT, id=id) if id == self._fact:
                yield value.term
            case Read(of=Of.RULE, id=id):
                for meaning in self._translation.program.parts[Of.RULE, id].meanings:
                    yield from self.values(meaning, value)
            case Extreme(parts=parts):
                for part in parts:
                    yield from self.values(part, value)
            case IfElse(then=then, otherwise=otherwise):
                yield from self.values(then, value)
                yield from self.values(otherwise, value)
            case Apply(arguments=(first, Constant(value=int() as count))):
                yield from self._moved(side, first, count, value)
            case Apply(arguments=(first, second)):
                yield from self._apart(side, first, second, value)

    def _moved(self, side: Apply, first: Meaning, count: int, value: Value) -> Iterator[Term]:
        """A day so many days or months on, back, or at the end of a term."""
        name, kinds = side.function.name, [each.kind for each in side.function.parameters]
        if kinds != [Kind.DATE, Kind.PERIOD]:
            return
        back = count if name == "-" else -count
        if side.function.parameters[1].unit == "months":
            period = Value(number(back), TRUE, back)
            result = self._translation.shared.steps.months_later(value, period).result
        else:
            result = value.term + back
        yield from self.values(first, Value(result, TRUE))

    def _apart(self, side: Apply, first: Meaning, second: Meaning, value: Value) -> Iterator[Term]:
        """Two days so many days apart."""
        if side.function.name == "days_between":
            first, second = second, first
        elif side.function.name != "-" or side.function.result.unit != "days":
            return
        for known, day, sign in ((second, first, 1), (first, second, -1)):
            if isinstance(known, Read) and known.of in (Of.FACT, Of.DAY):
                other = as_value(self._translation.read(known)).term
                term = other + value.term if sign > 0 else other - value.term
                yield from self.values(day, Value(term, TRUE))
