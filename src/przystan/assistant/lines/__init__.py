"""Which lines of a page answer a question, or that none does.

    answer(pages, scorer)                     {id: [line indices]}, empty: no answer
    narrow(question, paragraphs, lang)        probability of each paragraph that it answers
    scorer_for(make_embedder("auto"))         weights and vectors that belong together

Weights lie in `weights/`, one file for each embedder; `przystan train lines` makes them.
"""

from przystan.assistant.lines.pages import Page, read_pages
from przystan.assistant.lines.scorer import Scorer, answer, narrow, scorer_for

__all__ = ["Page", "Scorer", "answer", "narrow", "read_pages", "scorer_for"]
