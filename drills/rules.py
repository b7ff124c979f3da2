"""The rules engine beside a naive interpreter and, when installed, beside the CEL library.

    python drills/rules.py [--cases 1000000] [--cel 1000000] [--seed 1] [--processes 1]

A case is a random expression with random, partly unknown facts; four ways in which the unknown
may turn out are worked out by the naive interpreter and must agree with what the engine says.
CEL (`pip install common-expression-language==0.10.0`) is asked the same of the part both share.
Chunks are drawn from their own seeds: `--seed` and the number of a chunk repeat it.
"""

import argparse
import hashlib
import importlib
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from random import Random
from typing import Any

from przystan.rules.tests import comparing

CHUNK, SETS_OF_FACTS = 2_000, 10  # cases of a chunk; cases of one expression
Chunk = tuple[str, int]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--cel", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    failures = 0
    with ProcessPoolExecutor(arguments.processes) as pool:
        for name, act, cases in (
            ("naive", beside_naive, arguments.cases),
            ("cel", beside_cel, arguments.cel),
        ):
            chunks = [
                (name, arguments.seed * 1_000_000 + number) for number in range(-(-cases // CHUNK))
            ]
            failures += _report(name, pool.map(act, chunks))
    print("no disagreement" if not failures else f"{failures} DISAGREEMENTS")
    return 1 if failures else 0


def beside_naive(chunk: Chunk) -> Counter[str]:
    counts: Counter[str] = Counter()
    random = _random(chunk)
    started = time.process_time()
    for _ in range(CHUNK // SETS_OF_FACTS):
        try:
            counts["cases"] += comparing.one_expression(random, SETS_OF_FACTS)
        except AssertionError as disagreement:
            counts["failures"] += 1
            print(f"chunk {chunk}: {disagreement}", file=sys.stderr)
    counts["ms"] += round((time.process_time() - started) * 1000)
    return counts


def beside_cel(chunk: Chunk) -> Counter[str]:
    try:
        cel: Any = importlib.import_module("cel")
    except ImportError:
        return Counter({"not installed": 1})
    counts: Counter[str] = Counter()
    random = _random(chunk)
    started = time.process_time()
    for _ in range(CHUNK // SETS_OF_FACTS):
        try:
            found = comparing.one_shared_expression(random, SETS_OF_FACTS, cel)
            counts.update(found)
            counts["cases"] += SETS_OF_FACTS
        except AssertionError as disagreement:
            counts["failures"] += 1
            print(f"chunk {chunk}: {disagreement}", file=sys.stderr)
    counts["ms"] += round((time.process_time() - started) * 1000)
    return counts


def _random(chunk: Chunk) -> Random:
    return Random(hashlib.sha256(repr(chunk).encode()).digest())


def _report(name: str, chunks: Any) -> int:
    total: Counter[str] = Counter()
    for counts in chunks:
        total += counts
    if total["not installed"]:
        print(f"{name}: not installed, not compared")
        return 0
    failures, spent = total.pop("failures", 0), total.pop("ms", 0) / 1000
    shown = ", ".join(f"{number} {what}" for what, number in sorted(total.items()))
    print(f"{name}: {shown}; {failures} expressions disagree; {spent:.0f} s CPU")
    return failures


if __name__ == "__main__":
    sys.exit(main())
