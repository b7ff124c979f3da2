"""The and, or and not of a part's meaning, each piece with its own closure.

Evaluation does not need it; choosing a question and explaining a result walk it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .cells import guesses
from .compiling import Key
from .lists import Evaluate
from .meaning import AllOf, AnyOf, IfElse, Meaning, Not, Of, Read, children
from .program import ON, Part, Program
from .values import Unknown


class Joint(StrEnum):
    ALL = "all"
    ANY = "any"
    NOT = "not"
    IF = "if"
    PART = "part"  # reads a rule or table
    LEAF = "leaf"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a condition.

    `chance` estimates how often it holds, `cost` what it costs to settle it, with nothing known.
    """

    joint: Joint
    read: Evaluate
    pieces: "tuple[Piece, ...]"
    key: Key | None
    chance: float
    cost: float
    reads: tuple[Key, ...] = ()
    """The rules and tables that a leaf reads inside."""


def skeleton(program: Program, part: Part) -> Piece:
    """The pieces of a rule or condition (a table is one leaf); built once."""
    known = program.skeletons
    if part.slot not in known:
        if len(part.meanings) == 1 and not _is_table(program, part):
            known[part.slot] = _piece(program, part.meanings[0])
        else:
            cost = sum(program.vocabulary.facts[id].cost for id in part.facts)
            known[part.slot] = Piece(Joint.LEAF, part.read, (), None, 0.5, cost or 1)
    found = known[part.slot]
    if not isinstance(found, Piece):
        raise TypeError("a skeleton is made of pieces")
    return found


def _is_table(program: Program, part: Part) -> bool:
    return any(key[0] is Of.TABLE and each is part for key, each in program.parts.items())


def _piece(program: Program, meaning: Meaning) -> Piece:
    read = program.compile(meaning)
    match meaning:
        case AllOf(parts):
            return _joined(Joint.ALL, read, [_piece(program, part) for part in parts])
        case AnyOf(parts):
            return _joined(Joint.ANY, read, [_piece(program, part) for part in parts])
        case Not(operand):
            inner = _piece(program, operand)
            return Piece(Joint.NOT, read, (inner,), None, 1 - inner.chance, inner.cost)
        case IfElse(condition, then, otherwise):
            pieces = tuple(_piece(program, part) for part in (condition, then, otherwise))
            first, second, third = pieces
            chance = first.chance * second.chance + (1 - first.chance) * third.chance
            cost = first.cost + (second.cost + third.cost) / 2
            return Piece(Joint.IF, read, pieces, None, chance, cost)
        case Read(of, id) if of in (Of.RULE, Of.TABLE):
            inner = skeleton(program, program.parts[of, id])
            return Piece(Joint.PART, read, (inner,), (of, id), inner.chance, inner.cost)
    return _leaf(program, meaning, read)


def _joined(joint: Joint, read: Evaluate, pieces: Sequence[Piece]) -> Piece:
    """Pieces in the order that is cheapest to settle; chance and cost of that order."""
    is_all = joint is Joint.ALL
    ordered = sorted(pieces, key=lambda piece: price(piece, is_all))
    going_on, cost = 1.0, 0.0
    for piece in ordered:
        cost += going_on * piece.cost
        going_on *= piece.chance if is_all else 1 - piece.chance
    return Piece(joint, read, tuple(pieces), None, going_on if is_all else 1 - going_on, cost)


def price(piece: Piece, is_all: bool) -> float:
    """Cost for each chance that the piece alone settles the whole: the cheapest is asked first.

    The rule is the best there is for independent pieces (Garey, 1973).
    """
    settles = 1 - piece.chance if is_all else piece.chance
    return piece.cost / max(settles, 0.001)


def _leaf(program: Program, meaning: Meaning, read: Evaluate) -> Piece:
    ids = list(dict.fromkeys(_facts(meaning)))
    cost = float(sum(program.vocabulary.facts[id].cost for id in ids)) or 1.0
    reads = tuple(dict.fromkeys(_parts(meaning)))
    return Piece(Joint.LEAF, read, (), None, _chance(program, ids, read), cost, reads)


def _facts(meaning: Meaning) -> list[str]:
    if isinstance(meaning, Read):
        return [meaning.id] if meaning.of is Of.FACT else []
    return [id for part in children(meaning) for id in _facts(part)]


def _parts(meaning: Meaning) -> list[Key]:
    if isinstance(meaning, Read):
        return [(meaning.of, meaning.id)] if meaning.of in (Of.RULE, Of.TABLE) else []
    return [key for part in children(meaning) for key in _parts(part)]


def _chance(program: Program, ids: list[str], read: Evaluate) -> float:
    """How many of the likely values of the only fact make it true; a half when it has several."""
    if len(ids) != 1:
        return 0.5
    fact = program.vocabulary.facts[ids[0]]
    day = program.definition.valid_from
    env = list(program.template)
    env[ON] = day
    held = []
    for guess in guesses(fact.type, program.cells.get(fact.id), day):
        env[program.fact_slots[fact.id]] = guess
        value = read(env)
        held.append(0.5 if value.__class__ is Unknown or value.__class__ is not bool else value)
    return sum(held) / len(held) if held else 0.5
