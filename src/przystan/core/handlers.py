"""The core's own periodic work."""

from przystan.core import clock, events, outbox, schedule


@schedule.every(name="core.outbox", seconds=1)
def deliver() -> None:
    outbox.drain(at=clock.now(), rounds=5)


@schedule.every(name="core.forget-events", minutes=60)
def forget_events() -> None:
    events.forget_before(clock.now())
