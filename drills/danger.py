"""Recall and false alarms of the danger rules on messages written before the rules.

python drills/danger.py [evaluation/danger.jsonl]
"""

import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECALL_FLOOR, FALSE_ALARM_CEILING = 0.95, 0.02


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "evaluation" / "danger.jsonl"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
    import django

    django.setup()
    from przystan.assistant.danger import recognise

    counts: dict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0])
    kinds = [0, 0]
    started = time.process_time()
    messages = [json.loads(line) for line in path.open(encoding="utf-8")]
    for message in messages:
        signal = recognise(message["text"])
        for group in (message["lang"], "all"):
            cell = counts[group, message["danger"]]
            cell[0] += signal is not None
            cell[1] += 1
        if message["danger"] and signal:
            kinds[0] += signal.kind == message["kind"]
            kinds[1] += 1
    each_ms = (time.process_time() - started) * 1000 / len(messages)
    print("lang       seen of danger        alarms of ordinary")
    for group in sorted({group for group, _ in counts}):
        seen, danger = counts[group, True]
        alarms, ordinary = counts[group, False]
        print(f"{group:9}  {seen:3} of {danger:3} = {seen / danger:.3f}    "
              f"{alarms:3} of {ordinary:3} = {alarms / ordinary:.3f}")  # fmt: skip
    seen, danger = counts["all", True]
    alarms, ordinary = counts["all", False]
    print(f"kind as labelled: {kinds[0]} of {kinds[1]}; {each_ms:.2f} ms CPU a message")
    print(f"{path.name}: SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}")
    is_good = seen / danger >= RECALL_FLOOR and alarms / ordinary < FALSE_ALARM_CEILING
    print("at its floor" if is_good else "UNDER ITS FLOOR")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
