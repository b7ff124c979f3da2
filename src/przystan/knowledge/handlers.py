"""The periodic work of knowledge, and what follows a publication."""

from typing import Any

from przystan.core import clock, outbox, schedule
from przystan.knowledge import services, tasks
from przystan.people.actor import system


@schedule.every(name="knowledge.render-next", minutes=60)
def render_next() -> None:
    """Render what changes with parameters before the day comes."""
    at = clock.now()
    services.republish_corrected(at=at, actor=system("keep figures right"))
    services.refresh_passages(clock.law_day(at))


@outbox.on("knowledge.published")
def index_what_was_published(payload: dict[str, Any]) -> None:
    if not tasks.is_index_current():
        tasks.renew_index.enqueue()


@schedule.every(name="knowledge.index-of-the-day", minutes=5)
def index_of_the_day() -> None:
    """At midnight other versions and figures may speak; and a lost task is made up for."""
    if not tasks.is_index_current():
        tasks.renew_index.enqueue()
