"""Somebody who reads pages and fills in their forms, knowing words alone.

Standard library only, and nothing of ours: what a page does not say, this reader does not know.
A person's answers are words in the language of the page: the label of a choice, the name of a
country, the digits of a day. Forms are found by their labels and buttons, scripts are not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

VOID = {"input", "meta", "link", "br", "img", "hr", "source", "area", "wbr"}
MOST_STEPS = 120
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    location: str


class Transport(Protocol):
    """One visitor's browser: it keeps cookies and follows nothing by itself."""

    def get(self, path: str) -> Reply: ...

    def post(self, path: str, fields: Fields) -> Reply: ...


class LostError(RuntimeError):
    """The page does not say what the person needs."""


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, *tags: str) -> list[Node]:
        return [node for node in self.walk() if node.tag in tags]

    @property
    def text(self) -> str:
        parts = [one.text if isinstance(one, Node) else one for one in self.children]
        return " ".join(" ".join(parts).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        if self._open[-1].tag not in {"script", "style"}:
            self._open[-1].children.append(data)


def parsed(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    return builder.root


def plain(text: str) -> str:
    return " ".join(text.split())


# --- forms ------------------------------------------------------------------------------------


@dataclass
class Form:
    """A form as it stands on a page; `labels` are of the whole page."""

    node: Node
    labels: Mapping[str, str]

    def label(self, control: Node) -> str:
        return self.labels.get(control["id"], "")

    def sent(self) -> Fields:
        """What a browser would send without a change."""
        found: Fields = []
        for control in self.node.all("input", "textarea", "select"):
            kind = control["type"] or "text"
            if control.tag == "select":
                chosen = [o for o in control.all("option") if "selected" in o.attributes]
                options = chosen or control.all("option")[:1]
                found.append((control["name"], options[0]["value"] if options else ""))
            elif kind in {"radio", "checkbox"}:
                if "checked" in control.attributes:
                    found.append((control["name"], control["value"]))
            elif control["name"]:
                found.append((control["name"], control["value"]))
        return found

    def buttons(self) -> Iterator[tuple[str, Node]]:
        for button in self.node.all("button"):
            yield button.text, button

    def button(self, words: str) -> Node | None:
        return next((node for text, node in self.buttons() if text == words), None)


def forms(page: Node) -> list[Form]:
    labels = {label["for"]: label.text for label in page.all("label") if label["for"]}
    return [Form(node, labels) for node in page.all("form") if node["method"] == "post"]


def form_with(page: Node, words: str) -> tuple[Form, Node]:
    """The form that has a button of these words."""
    for form in forms(page):
        if button := form.button(words):
            return form, button
    raise LostError(f"no button {words!r}")


def put(sent: Fields, name: str, value: str, *, is_more: bool = False) -> None:
    """Set a field; a list takes one more value."""
    if not is_more:
        sent[:] = [pair for pair in sent if pair[0] != name]
    sent.append((name, value))


def pressed(sent: Fields, button: Node | None) -> Fields:
    if button is not None and button["name"]:
        return [*sent, (button["name"], button["value"])]
    return sent


# --- answers ----------------------------------------------------------------------------------


def choose(form: Form, within: Node, words: str, sent: Fields, *, is_more: bool = False) -> None:
    """Mark the choice that is labelled with these words."""
    for control in within.all("input"):
        if control["type"] in {"radio", "checkbox"} and form.label(control) == words:
            put(sent, control["name"], control["value"], is_more=is_more)
            return
    raise LostError(f"no choice {words!r}")


def select(within: Node, words: str, sent: Fields, place: int = 0) -> None:
    lists = within.all("select")
    options = lists[place].all("option") if place < len(lists) else []
    value = next((one["value"] for one in options if one.text == words), None)
    if value is None:
        raise LostError(f"no option {words!r}")
    named = [pair for pair in sent if pair[0] == lists[place]["name"]]
    for pair in named:
        sent.remove(pair)
    values = [pair[1] for pair in named]
    values[place : place + 1] = [value]
    sent.extend((lists[place]["name"], one) for one in values)


def write_day(
    form: Form, within: Node, day: Mapping[str, str], says: Mapping[str, str], sent: Fields
) -> None:
    for part in ("day", "month", "year"):
        control = next((one for one in within.all("input") if form.label(one) == says[part]), None)
        if control is None:
            raise LostError(f"no field {says[part]!r}")
        put(sent, control["name"], day[part])


def write(within: Node, words: str, sent: Fields) -> None:
    texts = [one for one in within.all("input") if one["type"] in {"", "text"} and one["name"]]
    if not texts:
        raise LostError("no field to write in")
    put(sent, texts[0]["name"], words)


def fill(
    form: Form, within: Node, answer: Mapping[str, Any], says: Mapping[str, str], sent: Fields
) -> None:
    """Put one value into its controls."""
    match answer["kind"]:
        case "choice":
            choose(form, within, answer["words"], sent)
        case "country":
            select(within, answer["words"], sent)
        case "date":
            write_day(form, within, answer, says, sent)
        case _:
            write(within, answer["words"], sent)


def group_of(form: Form, label: str) -> Node:
    """The controls of a field, by its label or legend."""
    for node in form.node.walk():
        if node.tag == "fieldset" and any(one.text == label for one in node.all("legend")):
            return node
    for node in form.node.walk():
        if node.tag == "div" and any(
            child.text == label
            for child in node.children
            if isinstance(child, Node) and child.tag == "label"
        ):
            return node
    raise LostError(f"no field {label!r}")


def fill_record(
    form: Form, values: Mapping[str, Any], says: Mapping[str, str], sent: Fields
) -> None:
    """Fill in the fields of an entry; what is not known has a box of its own."""
    for label, answer in values.items():
        if answer["kind"] == "unknown":
            choose(form, form.node, f"{says['unknown']} : {label}", sent, is_more=True)
        else:
            fill(form, group_of(form, label), answer, says, sent)


# --- a person ---------------------------------------------------------------------------------


class Person:
    """Goes from page to page with a list of questions and the answers to them."""

    def __init__(self, transport: Transport, script: Mapping[str, Any]) -> None:
        self.transport, self.script = transport, script
        self.says: Mapping[str, str] = script["says"]
        self.path = ""
        self.page = Node("", {})
        self.steps = 0

    def open(self, path: str) -> Node:
        return self._arrived(path, self.transport.get(path))

    def send(self, form: Form, fields: Fields) -> Node:
        path = urljoin(self.path, form.node["action"] or self.path).partition("#")[0]
        return self._arrived(path, self.transport.post(path, fields))

    def _arrived(self, path: str, reply: Reply) -> Node:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise LostError(f"still not done after {MOST_STEPS} pages")
        if reply.status in {301, 302, 303}:
            place = urlsplit(urljoin(path, reply.location))
            there = place.path + (f"?{place.query}" if place.query else "")
            return self._arrived(there, self.transport.get(there))
        self.path, self.page = path, parsed(reply.text)
        if reply.status != 200:
            problems = [one.text for one in self.page.walk() if "error" in one["class"]]
            raise LostError(f"{reply.status} at {path}: {problems[:3]}")
        return self.page

    def follow(self, words: str) -> Node:
        for link in self.page.all("a"):
            if link.text == words:
                return self.open(urljoin(self.path, link["href"]).partition("#")[0])
        raise LostError(f"no link {words!r}")

    def turn_of(self, within: Node, heading: str) -> Mapping[str, Any] | None:
        """The question of the script that stands here."""
        said, text = plain(heading), within.text
        found = [
            turn
            for turn in self.script["turns"]
            if said.endswith(plain(turn["question"]))
            or (said.endswith(plain(turn["short"])) and plain(turn["question"]) in text)
        ]
        return max(found, key=lambda turn: len(turn["question"])) if found else None


class OnPages(Person):
    """By the portal's pages, one question each."""

    def run(self) -> str:
        """Answer everything and look at the outcome; its address."""
        self.open(f"/{self.script['lang']}/procedures/")
        self.follow(self.script["title"])
        form, button = form_with(self.page, self.says["begin"])
        self.send(form, pressed(form.sent(), button))
        while True:
            [heading] = self.page.all("h1")
            turn = self.turn_of(self.page, heading.text)
            if turn is None:
                break
            self.answer(turn["answer"])
        form, button = form_with(self.page, self.says["show"])
        self.send(form, pressed(form.sent(), button))
        return self.path

    def answer(self, answer: Mapping[str, Any]) -> None:
        if answer["kind"] == "entries":
            self.fill_list(answer)
            return
        if answer["kind"] == "unknown":
            self.not_known()
            return
        form, button = form_with(self.page, self.says["go_on"])
        sent = form.sent()
        match answer["kind"]:
            case "countries":
                form, button = self.rows(len(answer["words"]))
                sent = form.sent()
                for place, words in enumerate(answer["words"]):
                    select(form.node, words, sent, place)
            case "choices":
                for words in answer["words"]:
                    choose(form, form.node, words, sent, is_more=True)
            case "record":
                fill_record(form, answer["fields"], self.says, sent)
            case _:
                fill(form, form.node, answer, self.says, sent)
        self.send(form, pressed(sent, button))

    def rows(self, number: int) -> tuple[Form, Node]:
        """The form with a row for each country."""
        while True:
            form, button = form_with(self.page, self.says["go_on"])
            if len(form.node.all("select")) >= number:
                return form, button
            more = form.button(self.says["more_countries"])
            self.send(form, pressed(form.sent(), more))

    def not_known(self) -> None:
        words = self.says["unknown"]
        for form in forms(self.page):
            sent = form.sent()
            if button := form.button(words):
                self.send(form, pressed(sent, button))
                return
            if button := form.button(self.says["go_on"]):
                choose(form, form.node, words, sent)
                self.send(form, pressed(sent, button))
                return
        raise LostError("no way to say that it is not known")

    def fill_list(self, answer: Mapping[str, Any]) -> None:
        entries = answer["entries"]
        for number, entry in enumerate(entries):
            words = answer["add"] if number == 0 else answer["add_another"]
            link = next(one for one in self.page.all("a") if one.text.startswith(words))
            self.open(urljoin(self.path, link["href"]))
            form, button = form_with(self.page, self.says["keep"])
            sent = form.sent()
            fill_record(form, entry, self.says, sent)
            self.send(form, pressed(sent, button))
        form, button = form_with(self.page, self.says["all" if entries else "none"])
        self.send(form, pressed(form.sent(), button))


class InChat(Person):
    """Inside a conversation: by words where they do, by buttons and fields where they are."""

    def run(self) -> str:
        """Ask, begin the check, answer everything; the address of the outcome."""
        self.open(f"/{self.script['lang']}/")
        form, button = form_with(self.page, self.says["ask"])
        sent = form.sent()
        put(sent, "question", self.script["message"])
        self.send(form, pressed(sent, button))
        self.begin()
        number = 0
        while (panel := self.panel()) is not None:
            heading = panel.all("h2")[0].text
            turn = self.turn_of(panel, heading)
            if turn is None:
                raise LostError(f"an unknown question: {heading!r}")
            self.answer(panel, turn["answer"], in_words=number % 2 == 0)
            number += 1
        links = [one["href"] for one in self.page.all("a") if one.text == self.says["whole"]]
        if not links:
            raise LostError("no outcome in the conversation")
        return links[-1]

    def panel(self) -> Node | None:
        return next((one for one in self.page.all("section") if one["id"] == "turn"), None)

    def begin(self) -> None:
        """Continue with the offered check; one that another question leads to is named instead."""
        address = urljoin(self.path, "check/")
        token = next(
            value for form in forms(self.page) for name, value in form.sent()
            if name == "csrfmiddlewaretoken"
        )  # fmt: skip
        fields = [
            ("csrfmiddlewaretoken", token), ("key", self.script["id"]),
            ("procedure", self.script["procedure"]),
        ]  # fmt: skip
        self._arrived(address, self.transport.post(address, fields))

    def answer(self, panel: Node, answer: Mapping[str, Any], *, in_words: bool) -> None:
        if answer["kind"] == "entries":
            self.fill_list(answer)
        elif answer["kind"] == "unknown":
            if in_words and self.may_write(panel):
                self.say(panel, self.script["not_known_words"])
            else:
                self.press(panel, self.says["unknown"])
        elif answer["kind"] in {"choices", "record"}:
            form, button = self.fields(panel)
            sent = form.sent()
            if answer["kind"] == "record":
                fill_record(form, answer["fields"], self.says, sent)
            for words in answer.get("words", ()):
                choose(form, form.node, words, sent, is_more=True)
            self.send(form, pressed(sent, button))
        elif answer["kind"] == "choice" and not (in_words and answer.get("is_yes_or_no")):
            self.press(panel, answer["words"])
        else:
            self.say(panel, answer["chat"])

    def may_write(self, panel: Node) -> bool:
        return any(one["name"] == "say" for one in panel.all("input"))

    def fields(self, panel: Node) -> tuple[Form, Node]:
        for form in self.forms(panel):
            for _text, button in form.buttons():
                if button["value"] == "fields":
                    return form, button
        raise LostError("no fields")

    def forms(self, panel: Node) -> list[Form]:
        return forms(panel)

    def press(self, panel: Node, words: str) -> None:
        form, button = form_with(panel, words)
        self.send(form, pressed(form.sent(), button))

    def say(self, panel: Node, words: str) -> None:
        for form in self.forms(panel):
            if any(one["name"] == "say" for one in form.node.all("input")):
                sent = form.sent()
                put(sent, "say", words)
                self.send(form, sent)
                return
        raise LostError("no field for words")

    def fill_list(self, answer: Mapping[str, Any]) -> None:
        entries = answer["entries"]
        for entry in entries:
            panel = self.panel()
            if panel is None:
                raise LostError("the list is gone")
            form, button = self.fields(panel)
            sent = form.sent()
            fill_record(form, entry, self.says, sent)
            self.send(form, pressed(sent, button))
        panel = self.panel()
        if panel is None:
            raise LostError("the list is gone")
        self.press(panel, self.says["all" if entries else "none"])


class ByApi:
    """By the API: the next question is read, its fact is stated, until there is none."""

    def __init__(
        self, call: Callable[[str, str, Any], tuple[int, Any]], script: Mapping[str, Any]
    ) -> None:
        self.call, self.script = call, script

    def run(self) -> str:
        """Answer everything and finish; the id of the check."""
        lang = self.script["lang"]
        body = {"procedure": self.script["procedure"]}
        check = self._done("POST", f"checks?lang={lang}", body)
        for _step in range(MOST_STEPS):
            asked = check["question"]
            if asked is None:
                break
            value = self.script["facts"][asked["fact"]]
            path = f"checks/{check['id']}/facts?lang={lang}"
            check = self._done("PUT", path, {"facts": {asked["fact"]: value}})
        self._done("POST", f"checks/{check['id']}/finish", {})
        return str(check["id"])

    def _done(self, method: str, path: str, body: Any) -> Any:
        status, document = self.call(method, path, body)
        if status not in {200, 201}:
            raise LostError(f"{status} {method} {path}: {document}")
        return document


def check_of(address: str) -> str:
    """The id of a check in the address of one of its pages."""
    found = re.search(r"/([0-9a-f]{8}-[0-9a-f-]{27})/", address)
    if found is None:
        raise LostError(f"no check in {address}")
    return found[1]
