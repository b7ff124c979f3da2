from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from przystan.rules.faults import DefinitionError, Source, Where
from przystan.rules.syntax import Binary, Call, Choose, Literal, Member, Method, Name, Unary, parse


def shape(node):
    """The tree as nested tuples, without places."""
    match node:
        case Literal(value):
            return value
        case Name(id):
            return id
        case Unary(operator, operand):
            return (operator, shape(operand))
        case Binary(operator, left, right):
            return (operator, shape(left), shape(right))
        case Choose(condition, then, otherwise):
            return ("?", shape(condition), shape(then), shape(otherwise))
        case Member(target, field):
            return (".", shape(target), field)
        case Call(function, arguments):
            return (function, *map(shape, arguments))
        case Method(target, name, arguments):
            return (f".{name}", shape(target), *map(shape, arguments))
    return [shape(item) for item in node.items]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && !c", ("||", "a", ("&&", "b", ("!", "c")))),
        ("(a || b) && c", ("&&", ("||", "a", "b"), "c")),
        ("a - b - c", ("-", ("-", "a", "b"), "c")),
        ("a + b * -c", ("+", "a", ("*", "b", ("-", "c")))),
        ("a + 1 >= b", (">=", ("+", "a", 1), "b")),
        ("a ? b : c ? d : e", ("?", "a", "b", ("?", "c", "d", "e"))),
        ("x in ['UA', \"MD\"]", ("in", "x", ["UA", "MD"])),
        ("1.50", Fraction(3, 2)),
        ("age(born, on) // years\n >= 18", (">=", ("age", "born", "on"), 18)),
        ("job.employer.size > 9", (">", (".", (".", "job", "employer"), "size"), 9)),
        ("family.exists(m, m.age < 6)", (".exists", "family", "m", ("<", (".", "m", "age"), 6))),
        ("!a.b", ("!", (".", "a", "b"))),
        ("'it\\'s'", "it's"),
    ],
)
def test_operators_bind_as_in_cel(text, tree):
    assert shape(parse(Source(text))) == tree


@pytest.mark.parametrize(
    ("text", "place", "part"),
    [
        ("a = b", "1:3", "Write == to compare"),
        ("a and b", "1:3", "Write && instead"),
        ("a &&\n  || b", "2:3", "Did not expect `||`"),
        ("a < b < c", "1:7", "Comparisons do not chain"),
        ("(a", "1:3", "Expected `)`"),
        ("", "1:1", "end of the expression"),
        ("f(a b)", "1:5", "Expected `,`"),
        ("a.1", "1:3", "name of a field"),
        ("12abc", "1:1", "is not a number"),
        ("'open", "1:1", "closing quotation mark"),
        ("a ? b", "1:6", "Expected `:`"),
        ("a b", "1:3", "an operator or the end"),
        ("ż", "1:1", "means nothing here"),
        ("'\\q'", "1:1", "is no escape"),
        ("(" * 80, "1:61", "nested too deeply"),
        ("in", "1:1", "Did not expect `in`"),
    ],
)
def test_an_error_names_line_column_and_remedy(text, place, part):
    with pytest.raises(DefinitionError) as error:
        parse(Source(text))

    (fault,) = error.value.faults
    assert str(fault.where) == place
    assert part in str(fault)


def test_a_place_is_one_in_the_file_from_which_the_text_came():
    source = Source("a &&\nb c", Where("single-permit.yaml", 12, 9), indent=7)

    with pytest.raises(DefinitionError, match=r"single-permit.yaml:13:9: Did not expect `c`"):
        parse(source)


@given(st.text(max_size=60) | st.text("ab1.\"'()[]<>=!&|?:,+-*/ \n\\in", max_size=40))
def test_any_text_is_either_read_or_refused(text):
    with suppress(DefinitionError):
        parse(Source(text))


def test_a_text_without_end_is_refused():
    with pytest.raises(DefinitionError, match="Split it into named rules"):
        parse(Source("a || " * 5_000 + "a"))
