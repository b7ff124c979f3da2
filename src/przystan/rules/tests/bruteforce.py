"""A definition over a small world, all of whose cases are listed beforehand."""

from functools import cache, cached_property
from itertools import product

from przystan.rules.check import Check
from przystan.rules.faults import Source
from przystan.rules.questions import next_question
from przystan.rules.syntax import Sequence, parse
from przystan.rules.tests import generating, naive


class Oracle:
    """The outcome of every full assignment, worked out by the naive interpreter."""

    def __init__(self, definition):
        self.definition = definition
        self._trees = [(rule.id, parse(rule.value)) for rule in definition.rules]
        self._outcomes = [(each.id, parse(each.when)) for each in definition.outcomes]
        texts = [rule.value.text for rule in definition.rules]
        texts += [each.when.text for each in definition.outcomes]
        texts += [source.text for table in definition.tables for source in table.inputs]
        self.names = [
            name for name in generating.DOMAINS if any(name in words(text) for text in texts)
        ]

    @cached_property
    def _all(self):
        return {
            values: self.outcome(dict(zip(self.names, values, strict=True)))
            for values in product(*(generating.DOMAINS[name] for name in self.names))
        }

    @property
    def outcomes(self):
        """Those that some case leads to."""
        return set(self._all.values())

    def outcome(self, facts):
        values = {**facts, "on": generating.ON}
        for table in self.definition.tables:
            values[table.id] = looked_up(table, facts)
        for id, tree in self._trees:
            values[id] = naive.value(tree, values)
        return next(id for id, tree in self._outcomes if naive.value(tree, values))

    def _left(self, partial):
        """The cases that are still possible."""
        return {
            values: outcome
            for values, outcome in self._all.items()
            if all(
                name not in partial or partial[name] == value
                for name, value in zip(self.names, values, strict=True)
            )
        }

    def relevant(self, partial):
        """The unknown facts of which a change alone changes the outcome of some case left."""
        left = self._left(partial)
        found = set()
        for place, name in enumerate(self.names):
            if name in partial:
                continue
            groups = {}
            for values, outcome in left.items():
                groups.setdefault(values[:place] + values[place + 1 :], set()).add(outcome)
            if any(len(outcomes) > 1 for outcomes in groups.values()):
                found.add(name)
        return found

    def fewest_questions(self):
        """Expected number of questions of the best order there is, all cases being as likely."""

        @cache
        def fewest(left, open_places):
            if len({self._all[values] for values in left}) == 1:
                return 0.0
            return 1 + min(
                sum(
                    fewest(
                        tuple(values for values in left if values[place] == value),
                        tuple(other for other in open_places if other != place),
                    )
                    for value in generating.DOMAINS[self.names[place]]
                )
                / len(generating.DOMAINS[self.names[place]])
                for place in open_places
            )

        return fewest(tuple(self._all), tuple(range(len(self.names))))

    def expected_questions(self, program):
        """The same for the order in which the engine asks."""

        def expected(facts):
            found = next_question(Check(program, facts, {}, generating.ON))
            if found is None:
                return 0.0
            domain = generating.DOMAINS[found.fact]
            return 1 + sum(expected(facts | {found.fact: value}) for value in domain) / len(domain)

        return expected({})


def words(text):
    return "".join(c if c.isalnum() or c == "_" else " " for c in text).split()


def looked_up(table, facts):
    """The value of the first row that fits."""
    fitting = [row for row in table.rows if all(map(fits, table.inputs, row.tests, [facts] * 9))]
    return naive.value(parse(fitting[0].value), facts)


def fits(input, test, facts):
    known = naive.value(parse(input), facts)
    text = test.text.strip()
    if not text:
        return True
    for sign in ("!=", "<=", ">=", "<", ">"):
        if text.startswith(sign):
            return naive.binary(sign, known, naive.value(parse(Source(text[len(sign) :])), facts))
    node = parse(Source(f"[{text}]"))
    assert isinstance(node, Sequence)
    return any(known == naive.value(item, facts) for item in node.items)
