"""What the solver proves of every definition: outcomes, gaps, tables, facts, questions, parameters.

    python drills/procedures.py [--on 2026-11-23] [--seconds 30] [--details] [ID …]

Needs the extra `authoring` (z3). In each column: shown by facts that the engine confirms / proved
impossible / not settled. With --details each fault, and what was not settled, with its facts.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from przystan.procedures.authoring import proving
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.authoring.proving import About, Holds, Proof
from przystan.procedures.catalogue import Catalogue, Procedure, catalogue
from przystan.procedures.law import law
from przystan.rules import DefinitionError

COLUMNS = (
    About.OUTCOME, About.GAP, About.SILENT, About.ROW, About.OVERLAP, About.FACT, About.QUESTION,
    About.ORDER, About.PARAMETER,
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="definitions; default: all")
    parser.add_argument("--on", type=date.fromisoformat, help="the day; default: today")
    parser.add_argument("--seconds", type=float, default=proving.SECONDS, help="for each version")
    parser.add_argument("--details", action="store_true")
    arguments = parser.parse_args()
    if not proving.is_available():
        print("z3-solver is not installed, nothing is proved: pip install 'przystan[authoring]'")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
    import django

    django.setup()
    from przystan.core import clock

    faults, begun = 0, time.monotonic()
    print(f"{'definition':<36}{'s':>6}{'queries':>8}", *(f"{each:>10}" for each in COLUMNS))
    for ready, procedure in _procedures(arguments.ids):
        on = max(arguments.on or clock.today(), procedure.version.valid_from)
        proof = proving.proof(ready, procedure, on, arguments.seconds)
        print(_line(proof), flush=True)
        faults += sum(finding.is_fault for finding in proof.findings)
        for line in _details(proof, procedure.version.file) if arguments.details else ():
            print(line)
    print(f"{faults} faults; {time.monotonic() - begun:.0f} s")
    return 1 if faults else 0


def _procedures(ids: Sequence[str]) -> Iterator[tuple[Catalogue, Procedure]]:
    from django.conf import settings

    from przystan.knowledge import api as knowledge

    view, _ = knowledge.law_of_folder(Path(settings.CONTENT_DIR))
    library, problems = read_folder(Path(settings.PROCEDURES_DIR))
    for problem in problems:
        print(problem, file=sys.stderr)
    ready = catalogue(library, law(view))
    for id, versions in library.versions.items():
        for version in versions if not ids or id in ids else ():
            try:
                yield ready, ready.ready(version)
            except DefinitionError as error:
                print(f"{id}: {error}", file=sys.stderr)


def _line(proof: Proof) -> str:
    name = f"{proof.procedure} {proof.valid_from}"
    counts = ["/".join(str(proof.count(about, holds)) for holds in Holds) for about in COLUMNS]
    shown = " ".join(f"{'' if each == '0/0/0' else each:>10}" for each in counts)
    return f"{name:<36}{proof.seconds:>6.1f}{proof.queries:>8} {shown}"


def _details(proof: Proof, file: str) -> Iterator[str]:
    for fault in proving.told(proof, file):
        yield f"  {fault}"
    for finding in proof.findings:
        if finding.holds is Holds.NOT_SETTLED:
            yield f"  not settled: {finding.about} {finding.id}: {finding.why}"
    if proof.disagreements:
        yield f"  {proof.disagreements} findings of the solver were not confirmed by the engine"


if __name__ == "__main__":
    sys.exit(main())
