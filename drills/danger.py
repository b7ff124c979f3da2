"""Recall and false alarms of danger on messages written before the rules, layer by layer.

python drills/danger.py [evaluation/danger.jsonl]

Counted twice: with the vectors of the model, where one works here, and without.
"""

import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECALL_FLOOR, FALSE_ALARM_CEILING = 0.95, 0.02

Row = dict[str, Any]


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "evaluation" / "danger.jsonl"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from przystan.assistant.danger import KINDS, recognise, warm_up
    from przystan.assistant.danger.rules import rule_book

    messages = [json.loads(line) for line in path.open(encoding="utf-8")]
    print(f"{path.name}: SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}")

    def by_rules(text: str) -> str | None:
        fired = [rule.kind for rule in rule_book().fired(text) if rule.kind in KINDS]
        return min(fired, key=list[str](KINDS).index, default=None)

    def by_all(text: str) -> str | None:
        signal = recognise(text)
        return signal.kind if signal else None

    warm_up()
    backend = settings.EMBEDDINGS_BACKEND
    count("rules alone", messages, by_rules)
    is_good = count(f"all layers, vectors by {backend!r}", messages, by_all)
    settings.EMBEDDINGS_BACKEND = "lexical"
    count("rules and wordings, no vectors", messages, by_all)
    print("\nat its floor" if is_good else "\nUNDER ITS FLOOR")
    return 0 if is_good else 1


def count(name: str, messages: list[Row], see: Callable[[str], str | None]) -> bool:
    """Print one table; say whether it keeps the floor and the ceiling."""
    cells: dict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0])
    as_labelled = 0
    started = time.perf_counter()
    for message in messages:
        kind = see(message["text"])
        as_labelled += message["danger"] and kind == message["kind"]
        groups = ["all", message["lang"], *([message["kind"]] if message["danger"] else [])]
        for group in groups:
            cell = cells[group, message["danger"]]
            cell[0] += kind is not None
            cell[1] += 1
    each_ms = (time.perf_counter() - started) * 1000 / len(messages)
    print(f"\n{name}: {each_ms:.1f} ms a message, {as_labelled} of the kind that was labelled")
    for group in sorted({group for group, _ in cells}):
        print(
            f"{group:14} seen {_share(cells[group, True])}   alarms {_share(cells[group, False])}"
        )
    (seen, danger), (alarms, ordinary) = cells["all", True], cells["all", False]
    return seen / danger >= RECALL_FLOOR and alarms / ordinary < FALSE_ALARM_CEILING


def _share(cell: list[int]) -> str:
    hits, total = cell
    return f"{hits:4} of {total:4} = {hits / total:.3f}" if total else " " * 20


if __name__ == "__main__":
    sys.exit(main())
