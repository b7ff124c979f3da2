"""Latency of an answer end to end: `assistant.api.ask` in process, warm.

    python bench/answers_latency.py --data DIR [--passages 5000 100000] [--questions 120]
        [--asked evaluation/law_questions.jsonl] [--profile] [--words-only]

`--data` is a prepared data folder; it is copied, never written. First the content as shipped,
then grown by synthetic articles: passages and example questions made of the words of real ones,
with vectors near real ones (a real vector and noise, unit length), so that every step of the
search has as much to do as with so many real articles. Each question is asked once to warm up
and once for the figure; the vector of a question is made anew for the figure, as for a person
who asks it first. Targets for p95: 150 ms at 5,000 passages, 400 ms at 100,000, on two cores.
"""

import argparse
import cProfile
import json
import os
import pstats
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

TARGETS_MS = {5_000: 150.0, 100_000: 400.0}
NOISE = 0.6  # length of the noise beside a real vector of length one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, nargs="*", default=[5_000, 100_000])
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--asked", type=Path, default=Path("evaluation/law_questions.jsonl"))
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--words-only", action="store_true", help="no vectors at all")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latency-") as name:
        folder = Path(name) / "data"
        shutil.copytree(arguments.data, folder, ignore=shutil.ignore_patterns("static"))
        _start(folder, words_only=arguments.words_only)
        questions = _questions(arguments.asked, arguments.questions)
        for count in (0, *arguments.passages):
            _measure(count, questions, has_profile=arguments.profile)


def _start(folder: Path, *, words_only: bool) -> None:
    os.environ["DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "przystan.config.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    if words_only:
        os.environ["EMBEDDINGS_BACKEND"] = "lexical"
    import django

    django.setup()


def _questions(path: Path, count: int) -> list[str]:
    """Example questions of our own in four languages, then lawyers' questions from a file."""
    from przystan.core import clock
    from przystan.knowledge import api

    own = [
        phrasings[-1]
        for intent in api.intents(clock.today())
        for phrasings in intent.phrasings.values()
        if phrasings
    ]
    step = max(1, len(own) // count)
    kept = own[::step][: count * 2 // 3]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return kept + [row["question"] for row in rows][: count - len(kept)]


def _measure(count: int, questions: list[str], *, has_profile: bool) -> None:
    from przystan.assistant import api as assistant
    from przystan.knowledge import finding

    size = _build(count)
    finding._library.cache_clear()
    for question in questions[:20]:
        assistant.ask(question, interface="pl", patience_s=5.0)
    profile = cProfile.Profile()
    wall, cpu, models = [], [], set()
    for question in questions:
        library = finding.library()
        finding._library.cache_clear()  # a fresh library has embedded nothing yet …
        fresh = finding.library()
        fresh._passages, fresh._questions = library._passages, library._questions  # … files open
        began, started = time.perf_counter(), time.process_time()
        if has_profile:
            profile.enable()
        answer = assistant.ask(question, interface="pl")
        profile.disable()
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - started) * 1000)
        models.add(answer.model)
    print(
        f"{size[0]:7} passages, {size[1]:7} example questions, {', '.join(sorted(models))}: "
        f"wall p50 {_p(wall, 50):6.1f} p95 {_p(wall, 95):6.1f} ms, "
        f"CPU p50 {_p(cpu, 50):6.1f} p95 {_p(cpu, 95):6.1f} ms{_target(count, wall)}",
        flush=True,
    )
    if has_profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _target(count: int, wall: list[float]) -> str:
    if count not in TARGETS_MS:
        return ""
    word = "reached" if _p(wall, 95) <= TARGETS_MS[count] else "missed"
    return f" (target p95 {TARGETS_MS[count]:.0f} ms: {word})"


def _p(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _build(count: int) -> tuple[int, int]:
    """Write both files with `count` passages (0: as shipped); returns passages, questions."""
    import numpy as np

    from przystan.core import clock
    from przystan.knowledge import api, finding
    from przystan.knowledge.search import build
    from przystan.knowledge.search.embedders import make_embedder, thresholds
    from przystan.knowledge.search.questions import build_questions
    from przystan.knowledge.search.vectors import VectorCache

    day = clock.today()
    documents = [finding.document_of(p) for p in api.passages(day) if p.kind != "heading"]
    examples = finding.examples_of(api.intents(day))
    from django.conf import settings

    embedder = make_embedder(settings.EMBEDDINGS_BACKEND)
    cache = VectorCache(finding.folder() / "vectors")
    vectors = cache.for_documents(embedder, documents) if embedder.dim else {}
    asked = [example.question for example in examples]
    rows = cache.embed(embedder, asked, kind="query") if embedder.dim else None
    random = np.random.default_rng(7)
    grown = max(0, count - len(documents))
    more = _more_documents(documents, grown, random)
    per_passage = len(examples) / len(documents)
    extra = _more_examples(examples, round(grown * per_passage), random)
    if embedder.dim:
        pool = np.concatenate([*vectors.values()])
        shapes = [len(vectors[document.id]) for document in documents]
        for place, document in enumerate(more):
            vectors[document.id] = _near(pool, shapes[place % len(shapes)], random)
        rows = np.concatenate([rows, _near(rows, len(extra), random)]) if extra else rows
    model = embedder.model_id if embedder.dim else None
    limits = thresholds(model)
    target = finding.folder()
    build(
        [*documents, *more],
        target / finding.PASSAGES,
        vectors=vectors or None,
        model_id=model,
        thresholds=limits,
    )
    build_questions(
        [*examples, *extra],
        target / finding.QUESTIONS,
        vectors=rows,
        model_id=model,
        thresholds=limits,
    )
    return len(documents) + len(more), len(examples) + len(extra)


def _more_documents(documents: list[Any], count: int, random: Any) -> list[Any]:
    """Passages of no article that exists: none of them is ever cited, all are searched."""
    from dataclasses import replace

    words = {
        lang: " ".join(d.text for d in documents if d.lang == lang).split()
        for lang in {document.lang for document in documents}
    }
    made = []
    for number in range(count):
        model = documents[number % len(documents)]
        pool = words[model.lang]
        # A stretch of each of two texts: real words, in real proportions, in no real order.
        parts = random.integers(0, max(1, len(pool) - 30), 2)
        text = " ".join([*pool[parts[0] : parts[0] + 20], *pool[parts[1] : parts[1] + 20]])
        id = f"{UUID(int=number + 1)}/p/{model.lang}/-"
        made.append(replace(model, id=id, group=f"grown-{number // 80}", text=text))
    return made


def _more_examples(examples: list[Any], count: int, random: Any) -> list[Any]:
    from dataclasses import replace

    from przystan.knowledge.finding import IntentRef

    made = []
    for number in range(count):
        one, other = random.integers(0, len(examples), 2)
        model = examples[one]
        halves = [*model.question.split()[:5], *examples[other].question.split()[:4]]
        intent = f"i-{number // 20}"
        target = IntentRef(f"grown-{number // 200}", UUID(int=number // 200 + 1), intent, (), None)
        made.append(replace(model, question=" ".join(halves), target=target.as_target()))
    return made


def _near(pool: Any, count: int, random: Any) -> Any:
    """(count, dim) unit vectors, each a real one and noise."""
    import numpy as np

    drawn = pool[random.integers(0, len(pool), count)]
    noise = random.standard_normal(drawn.shape, dtype=np.float32)
    noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    made = drawn + noise
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


if __name__ == "__main__":
    main()
