"""Of whom a clause speaks: the writer, a relative of theirs, or somebody else.

Whoever a clause is about stays the one until the writer returns ("ja", "I", "маю"), over the
ends of sentences too: what is believed of the writer by mistake costs more than what is missed.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from przystan.assistant.facts import phrases

# Relation of the writer to the one of whom they speak.
_RELATIONS: Final = {"spouse": "spouse", "ancestor": "child", "descendant": "parent"}
_ROLES: Final = {"spouse": "spouse", "ancestor": "parent", "descendant": "child"}
# "With my husband", "u córki": the writer stays the subject.
_WITH: Final = (
    "with|without|to|for|from|of|at|by|about|after|via|than|through|z|ze|od|do|dla|za|przez|po"
    "|o|przy|ku|na|iz|zi|so|s|wid|k|ko|pro|pri|czerez|bez|okrim|krome|radi|zaradi|join|joining"
)
_BETWEEN: Final = r"(?: \S+){0,2}? "
_ADJECTIVE: Final = (
    r"(?:(?:jego|jej|ich|iogo|iogo|iii|iix|ix|ego|ee|eio|his|her|their|a|an|the|u|zakonn\w*"
    r"|prawn\w*|legal|lawful|ridn\w*|rodn\w*|tilko|tolko|only|polsk\w*) ){0,3}"
)


@dataclass(slots=True)
class Subject:
    """Who is spoken of. `relation` is the writer's to the relative spoken of or mentioned."""

    language: str
    is_writer: bool = True
    relation: str = ""
    role: str = ""  # what the writer says to be of the relative, in this clause

    @property
    def is_relative(self) -> bool:
        return not self.is_writer and bool(self.relation)

    def take(self, folded: str, *, is_of_a_thing: bool) -> None:
        """Go on to the next clause; `is_of_a_thing`: "it ends", where "it" is a paper."""
        self.role = self._own_role(folded)
        if self.role or self._is("me_fired", folded):
            self.is_writer = True
        elif self._is("on_behalf", folded):
            self._turn_to(self._mentioned(folded))
        elif (kind := self._spoken_of(folded)) is not None:
            self._turn_to(kind)
        elif not is_of_a_thing and self._third_comes_first(folded):
            self.is_writer = False
        elif self._is("own", folded):
            self.is_writer = True
        if self.is_writer:
            self.relation = _RELATIONS.get(self._mentioned(folded), "") or self.relation
            if phrases.words("married").search(folded):
                self.relation = "spouse"
            if self._is("gone", folded):
                self.relation = ""

    def _turn_to(self, kind: str) -> None:
        self.is_writer = False
        self.relation = _RELATIONS.get(kind, "")

    def _is(self, name: str, folded: str) -> bool:
        return phrases.pattern(self.language, name).search(folded) is not None

    def _own_role(self, folded: str) -> str:
        """ "I'm her husband", "я мама", "jako żona Polaka": what the writer is to the relative."""
        for kind, role in _ROLES.items():
            if _own(self.language, kind).search(folded):
                return role
        return ""

    def _mentioned(self, folded: str) -> str:
        for kind in _RELATIONS:
            if phrases.words(kind).search(folded):
                return kind
        return ""

    def _spoken_of(self, folded: str) -> str | None:
        """The kind of person who is the subject of the clause; None where nobody else is."""
        for kind in (*_RELATIONS, "stranger"):
            for match in phrases.words(kind).finditer(folded):
                if not self._is_object(folded, match.start()):
                    is_late = self._is("gone", folded)
                    return "stranger" if is_late else kind
        return None

    def _is_object(self, folded: str, place: int) -> bool:
        ahead = folded[:place]
        if _with().search(ahead):
            return True
        possessed = _at(self.language)
        if possessed.search(ahead):
            # "У мужа виза", but "живу у сестры": the writer lives there.
            return self._is("acting", ahead) or self.language in ("pl", "en")
        return self._is("acting", ahead)

    def _third_comes_first(self, folded: str) -> bool:
        """ "He got it", before any word for the writer; "with her" and "do niej" do not count."""
        own = phrases.pattern(self.language, "own").search(folded)
        for match in phrases.pattern(self.language, "third").finditer(folded):
            if own and own.start() < match.start():
                return False
            if not _with().search(folded[: match.start()]):
                return True
        return False


@cache
def _with() -> re.Pattern[str]:
    return re.compile(rf"(?:^| )(?:{_WITH}){_BETWEEN}?$|(?:^| )(?:{_WITH}) $")


@cache
def _at(language: str) -> re.Pattern[str]:
    return re.compile(r"(?:^| )(?:u|w)(?: \S+)? $")


@cache
def _own(language: str, kind: str) -> re.Pattern[str]:
    being = phrases.pattern(language, "role").pattern
    return re.compile(rf"{being} {_ADJECTIVE}{phrases.words(kind).pattern}")
