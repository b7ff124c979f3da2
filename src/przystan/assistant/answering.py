"""From a question to an answer made of evidence, or to a human.

Danger first, then the wish for a human, then what the knowledge says. Nothing is written here
and nothing is remembered: the same question, day and knowledge give the same answer.
"""

from datetime import date

from przystan.assistant import choice, danger, notices, reading, wording
from przystan.assistant.danger import texts
from przystan.assistant.data import (
    Answer,
    Citation,
    DangerKind,
    Found,
    HelpBlock,
    LawRef,
    Line,
    PageRef,
    Turn,
)
from przystan.assistant.language import answer_language, detect
from przystan.core import clock
from przystan.core.languages import CONTENT_TAGS
from przystan.knowledge import api as knowledge
from przystan.knowledge import finding
from przystan.knowledge.data import CitedParagraph, ParagraphKey, ProvisionView

# What a consultant is shown of what was found.
SHOWN_TO_DESK = 6


def content_languages() -> tuple[str, ...]:
    return CONTENT_TAGS


def ask(
    question: str,
    *,
    interface: str,
    on: date | None = None,
    chosen: str | None = None,
    context: tuple[Turn, ...] = (),
    patience_s: float = finding.PATIENCE_S,
) -> Answer:
    """Answer a question from the knowledge of a day, or say who will.

    Args:
        interface: language of the page, used when the text alone does not tell.
        on: the day whose law is read; today in Warsaw when not given.
        chosen: the content language in which the person wants to read.
        patience_s: how long the meaning of the question is waited for; a batch may wait longer.
        context: earlier turns of the same conversation, oldest first.

    Raises:
        PrzystanError: the text cannot be a question.
    """
    text = reading.question(question)
    day = on or clock.today()
    # The language picked for the answer says nothing of the one that the person writes in.
    detected = detect(text, interface=interface)
    spoken = detected.tag
    lang = (
        chosen
        if chosen in CONTENT_TAGS
        else answer_language(detected, CONTENT_TAGS, interface=interface).tag
    )
    if signal := danger.recognise(text):
        return _in_danger(signal.kind, lang, spoken, day)
    notice = notices.other_language(spoken, lang)
    if danger.wants_human(text):
        return Answer(
            lang, spoken, day, notice=notice, refused=True, handover=True, reason="wants_human"
        )
    law_day = reading.law_day(text, day)
    return _from_knowledge(text, lang, spoken, law_day, notice, context, patience_s)


def _in_danger(kind: DangerKind, lang: str, spoken: str, day: date) -> Answer:
    approved = texts.approved(kind, spoken if texts.has(spoken) else lang)
    return Answer(
        lang,
        spoken,
        day,
        handover=True,
        reason="danger",
        danger=kind,
        help=tuple(HelpBlock(b.text, b.kind, b.service) for b in approved.blocks),
        services=approved.services,
    )


def _from_knowledge(
    text: str,
    lang: str,
    spoken: str,
    day: date,
    notice: str,
    context: tuple[Turn, ...],
    patience_s: float,
) -> Answer:
    made = choice.choose(text, lang=lang, on=day, context=context, patience_s=patience_s)
    shown = [finding.key_of(hit.id) for hit in made.found.passages[:SHOWN_TO_DESK]]
    cited = knowledge.paragraphs([*made.keys, *shown], day)
    chosen = [cited[key] for key in made.keys if key in cited]
    verified = [paragraph for paragraph in chosen if _may_be_quoted(paragraph)]
    is_answered = bool(verified) and len(verified) == len(chosen)
    lines = tuple(Line(p.paragraph.text, _citation(p)) for p in verified) if is_answered else ()
    reworded = _reworded(lines, lang, spoken)
    return Answer(
        lang=lang,
        question_lang=spoken,
        on=day,
        lines=lines,
        reworded=reworded.sentences if reworded else (),
        reworded_by=reworded.model if reworded else "",
        verdict=made.verdict if is_answered else None,
        notice=notice,
        refused=not is_answered,
        handover=not is_answered,
        reason="" if is_answered else ("to_verify" if chosen else "no_source"),
        related=_related(chosen),
        found=_found(made.found, cited),
        topic=chosen[0].article if chosen else "",
        corpus=knowledge.corpus_version(day),
        model=made.found.model,
        confidence=round(made.confidence, 3),
    )


def _reworded(lines: tuple[Line, ...], lang: str, spoken: str) -> wording.Rewording | None:
    quotes = [line.text for line in lines]
    titles = [line.citation.title for line in lines]
    laws = [law.label for line in lines for law in line.citation.law]
    return wording.reword(quotes, lang=lang, spoken=spoken, titles=[*titles, *laws])


def _may_be_quoted(paragraph: CitedParagraph) -> bool:
    """What is still to be verified is shown on its page with a banner, and never quoted."""
    return paragraph.paragraph.status == "verified" and paragraph.article_status == "published"


def _citation(cited: CitedParagraph) -> Citation:
    paragraph = cited.paragraph
    laws = [s for s in paragraph.sources if isinstance(s, ProvisionView)]
    pages = [s for s in paragraph.sources if not isinstance(s, ProvisionView)]
    return Citation(
        article=cited.article,
        title=cited.title,
        version_id=cited.key.version_id,
        version=cited.number,
        paragraph=cited.key.paragraph_id,
        lang=cited.key.lang,
        quote=paragraph.text,
        law=tuple(LawRef(s.act, s.act_title, s.edition, s.provision, s.label) for s in laws),
        pages=tuple(PageRef(s.title, s.url, s.publisher) for s in pages),
        checked_on=paragraph.checked_on,
    )


def _related(chosen: list[CitedParagraph]) -> tuple[tuple[str, str], ...]:
    """The pages that the lines come from, so that a person can read on."""
    return tuple({paragraph.article: paragraph.title for paragraph in chosen}.items())


def _found(found: finding.Finding, cited: dict[ParagraphKey, CitedParagraph]) -> tuple[Found, ...]:
    shown = []
    for hit in found.passages[:SHOWN_TO_DESK]:
        key = finding.key_of(hit.id)
        if paragraph := cited.get(key):
            shown.append(
                Found(
                    title=paragraph.title,
                    article=paragraph.article,
                    paragraph=key.paragraph_id,
                    lang=key.lang,
                    text=paragraph.paragraph.text,
                    score=round(hit.score, 3),
                )
            )
    return tuple(shown)
