"""F26: an article carries questions; publishing one that answers them wrongly is stopped."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from przystan.assistant import choice, danger
from przystan.core.languages import CONTENT_TAGS
from przystan.knowledge import api as knowledge
from przystan.knowledge import finding
from przystan.knowledge.data import Candidate, Expectation, Failure, PassageView


def check(candidate: Candidate) -> list[Failure]:
    """Ask every question of the articles that are about to be published, beside all others.

    The knowledge that is searched is the published one with the candidate in its place. What
    stops a publication is a test that it breaks: one that holds for the knowledge as it is, or
    one that is new with this version. A test that failed before stays a task for the editors.
    """
    replaced = set(candidate.articles)
    passages = [p for p in knowledge.passages(candidate.on) if p.article not in replaced]
    passages += candidate.passages
    intents = [i for i in knowledge.intents(candidate.on) if i.article not in replaced]
    intents += candidate.intents
    texts = {(p.version_id, p.paragraph_id, p.lang): p for p in passages}
    with finding.opened_aside(passages, intents) as library:
        failures = list(_failures(candidate.expectations, candidate, library, texts))
    if not failures:
        return []
    present = {(p.version_id, p.paragraph_id, p.lang): p for p in knowledge.passages(candidate.on)}
    known = {passage.article for passage in present.values()}
    asked = [e for e in candidate.expectations if e.article in known]
    before = _failures(asked, candidate, finding.library(), present)
    failed_before = {(one.lang, one.question) for one in before}
    return [one for one in failures if (one.lang, one.question) not in failed_before]


Texts = dict[tuple[UUID, str, str], PassageView]


def _failures(
    expectations: Iterable[Expectation],
    candidate: Candidate,
    library: finding.Library,
    texts: Texts,
) -> Iterator[Failure]:
    for expected in expectations:
        if reason := _reason(expected, candidate, library, texts):
            yield Failure(
                reason, article=expected.article, lang=expected.lang, question=expected.question
            )


def _reason(
    expected: Expectation, candidate: Candidate, library: finding.Library, texts: Texts
) -> str:
    """Why a test is broken, as a sentence for the editor; "" if it holds."""
    lang = expected.lang if expected.lang in CONTENT_TAGS else "pl"
    is_danger = danger.recognise(expected.question) is not None
    made = choice.choose(expected.question, lang=lang, on=candidate.on, library=library)
    quoted = [texts.get((key.version_id, key.paragraph_id, key.lang)) for key in made.keys]
    lines = [passage for passage in quoted if passage and passage.status == "verified"]
    is_answered = bool(lines) and len(lines) == len(made.keys) and not is_danger
    if expected.expect == "refuse":
        return "" if not is_answered else _("This question should be refused, and is answered.")
    if not is_answered:
        return _("This question should be answered, and is refused.")
    said = " ".join(_plain(passage.text) for passage in lines)
    missing = [fact for fact in expected.facts if _plain(fact) not in said]
    if missing:
        return _("The answer lacks: %(facts)s.") % {"facts": ", ".join(missing)}
    return ""


def _plain(text: str) -> str:
    """Letters as they are compared: without case, and without the spaces inside numbers."""
    folded = " ".join(text.replace("\xa0", " ").casefold().split())
    return "".join(
        character
        for place, character in enumerate(folded)
        if character not in " ,"
        or not (folded[place - 1 : place].isdigit() and folded[place + 1 : place + 2].isdigit())
    )
