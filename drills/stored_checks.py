"""100,000 stored checks worked out again, as after a change of rules: how long, on one core.

    python drills/stored_checks.py [--checks 100000]

The facts are those of the worked examples of all definitions, over and over; each is judged by
the version of its day, and by the same version again as if it were new. Reading facts out of the
store is not part of it: they are sealed, and opening them costs what the key costs.
"""

import argparse
import os
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
GOAL_S = 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=100_000)
    arguments = parser.parse_args()

    import django

    django.setup()
    from django.conf import settings

    from przystan.knowledge import api as knowledge
    from przystan.procedures import running
    from przystan.procedures.authoring.folder import read_folder
    from przystan.procedures.catalogue import catalogue
    from przystan.procedures.law import law
    from przystan.rules import verdict

    view, _ = knowledge.law_of_folder(Path(settings.CONTENT_DIR))
    library, _ = read_folder(Path(settings.PROCEDURES_DIR))
    ready = catalogue(library, law(view))
    stored = [
        (id, example.facts, example.on)
        for id, examples in library.examples.items()
        for example in examples
    ]
    for id in ready.ids():
        ready.ready(library.versions[id][-1])
    outcomes: Counter[str] = Counter()
    started = time.process_time()
    for id, facts, on in islice(cycle(stored), arguments.checks):
        procedure, law_day = running.governing(ready, id, facts, on)
        found = verdict(running.started(ready, procedure, facts, on, law_day))
        outcomes[found.status.value] += 1
    spent = time.process_time() - started
    scaled = spent * 100_000 / arguments.checks
    print(f"{arguments.checks} checks of {len(ready.ids())} definitions: {spent:.1f} s CPU, "
          f"{scaled:.1f} s for 100,000 (goal {GOAL_S:.0f})")  # fmt: skip
    print(dict(outcomes))
    return 0 if scaled <= GOAL_S else 1


if __name__ == "__main__":
    raise SystemExit(main())
