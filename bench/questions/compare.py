"""Questions asked until the outcome stands: ours, the best possible, and Publicodes' order.

    python bench/questions/compare.py [--publicodes FOLDER] [--definitions]

FOLDER has `npm install publicodes yaml` done in it (measured with publicodes 1.10.3); without it
that peer is left out. Every assignment of ten yes/no facts is walked once; the best possible is
the adaptive order with the fewest expected questions, found by exhaustive search. `--definitions`
adds the product's own definitions that are small enough to search, weighed by effort.
"""

import argparse
import json
import subprocess
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from statistics import mean

from przystan.rules import (
    BOOL,
    Check,
    Definition,
    Fact,
    Outcome,
    Program,
    Source,
    Vocabulary,
    compiled,
    next_question,
    verdict,
)

ON = date(2026, 11, 23)
HERE = Path(__file__).parent
MOST_STATES = 120_000
OUTCOMES = (
    ("free", "eu_citizen || permanent_residence || refugee || student_permit"),
    ("as-permit", "single_permit && same_employer"),
    ("declaration", "declaration_country && !seasonal_work && fair_pay && contract_in_writing"),
    ("seasonal", "seasonal_work && fair_pay && contract_in_writing"),
    ("permit", "fair_pay"),
    ("no", "true"),
)
FACTS = (
    "eu_citizen", "permanent_residence", "refugee", "student_permit", "single_permit",
    "same_employer", "declaration_country", "seasonal_work", "fair_pay", "contract_in_writing",
)  # fmt: skip


def shared() -> Program:
    definition = Definition("shared", ON, tuple(Outcome(id, Source(when)) for id, when in OUTCOMES))
    return compiled(definition, Vocabulary([Fact(id, BOOL) for id in FACTS]))


def ours(program: Program, cells: dict[str, tuple[object, ...]]) -> tuple[float, float, int]:
    """Mean number and cost of questions over all assignments; how many assignments."""
    numbers, costs = [], []
    facts = program.vocabulary.facts
    for values in product(*cells.values()):
        person = dict(zip(cells, values, strict=True))
        check = Check(program, {}, {}, ON)
        asked = []
        while verdict(check).outcome is None and (found := next_question(check)) is not None:
            asked.append(found.fact)
            check.state(found.fact, person[found.fact])
        numbers.append(len(asked))
        costs.append(sum(facts[id].cost for id in asked))
    return mean(numbers), mean(costs), len(numbers)


def best(program: Program, cells: dict[str, tuple[object, ...]]) -> float:
    """The least expected cost of any adaptive order, every cell being as likely."""
    names = list(cells)
    facts = program.vocabulary.facts

    @cache
    def expected(known: tuple[object, ...]) -> float:
        stated = {id: value for id, value in zip(names, known, strict=True) if value is not None}
        if verdict(Check(program, stated, {}, ON)).outcome is not None:
            return 0.0
        options = []
        for place, value in enumerate(known):
            if value is None:
                ways = cells[names[place]]
                after = mean(expected((*known[:place], way, *known[place + 1 :])) for way in ways)
                options.append(facts[names[place]].cost + after)
        return min(options, default=0.0)

    return expected((None,) * len(names))


def publicodes(folder: Path) -> tuple[float, list[int]]:
    """Mean number of questions of its order, and the outcome of each assignment."""
    printed = subprocess.run(
        ["node", HERE / "walk.mjs", folder.resolve(), HERE / "shared.publicodes.yaml"],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    found = json.loads(printed)
    return mean(asked for asked, _ in found["counts"]), [int(out) for _, out in found["counts"]]


def _same_outcomes(program: Program, theirs: list[int]) -> bool:
    ids = [id for id, _ in OUTCOMES]
    for bits, outcome in enumerate(theirs):
        person = {id: bool(bits >> place & 1) for place, id in enumerate(FACTS)}
        if ids.index(verdict(Check(program, person, {}, ON)).outcome or "") + 1 != outcome:
            return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publicodes", type=Path)
    parser.add_argument("--definitions", action="store_true")
    arguments = parser.parse_args()
    program = shared()
    cells: dict[str, tuple[object, ...]] = dict.fromkeys(FACTS, (False, True))
    number, _, people = ours(program, cells)
    least = best(program, cells)
    print(f"shared rule set, {people} people: ours {number:.3f} questions, best {least:.3f}, "
          f"ratio {number / least:.3f} (goal 1.05)")  # fmt: skip
    if arguments.publicodes:
        theirs, outcomes = publicodes(arguments.publicodes)
        agreed = "the same outcomes" if _same_outcomes(program, outcomes) else "OTHER OUTCOMES"
        print(f"publicodes {theirs:.3f} questions, {agreed}; ours is {number / theirs:.3f} of it")
    if arguments.definitions:
        _definitions()


def _definitions() -> None:
    """Definitions whose facts all have few cells: the planner beside the exhaustive optimum."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from przystan.knowledge import api as knowledge
    from przystan.procedures.authoring.folder import read_folder
    from przystan.procedures.catalogue import catalogue
    from przystan.procedures.law import law

    view, _ = knowledge.law_of_folder(Path(settings.CONTENT_DIR))
    library, _ = read_folder(Path(settings.PROCEDURES_DIR))
    ready = catalogue(library, law(view))
    for id in ready.ids():
        program = ready.ready(ready.library.versions[id][-1]).program
        cells = {name: program.cells.get(name) for name in program.facts}
        if None in cells.values() or program.parameters:
            continue
        states = 1
        for ways in cells.values():
            states *= len(ways or ()) + 1
        if states > MOST_STATES:
            continue
        known = {name: tuple(ways or ()) for name, ways in cells.items()}
        number, cost, people = ours(program, known)
        least = best(program, known)
        ratio = cost / least if least else 1.0
        print(f"{id}: {people} people, {number:.2f} questions, effort {cost:.3f}, "
              f"best {least:.3f}, ratio {ratio:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
