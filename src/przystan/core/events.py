"""Live streams: what is published here reaches the open pages that may hear it."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import connection

from przystan.core.models import Event

# A page holds its token for one connection; EventSource reconnects with the same address.
TOKEN_AGE_S = 6 * 60 * 60
_SALT = "przystan.live"


def publish(stream: str, kind: str, data: dict[str, Any]) -> int:
    """Add an event to a stream in the caller's transaction and return its id.

    `data` holds ids and states only; nobody's words travel on a stream.
    """
    event = Event.objects.create(stream=stream, kind=kind, data=data)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Delivered at commit, dropped on rollback; SQLite readers watch data_version.
            cursor.execute("SELECT pg_notify('przystan_events', %s)", [str(event.pk)])
    return event.pk


def since(streams: tuple[str, ...], last_id: int, limit: int = 200) -> list[Event]:
    return list(Event.objects.filter(stream__in=streams, id__gt=last_id).order_by("id")[:limit])


def newest_id() -> int:
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def token(*streams: str) -> str:
    """A signed, short-lived right to listen to these streams, given by views that checked it."""
    return signing.dumps(sorted(streams), salt=_SALT, compress=True)


def streams_of(token: str) -> tuple[str, ...] | None:
    """The streams that a token opens, or None for a forged or old one."""
    try:
        return tuple(signing.loads(token, salt=_SALT, max_age=TOKEN_AGE_S))
    except signing.BadSignature:
        return None


def forget_before(moment: datetime) -> int:
    """Events are for open pages; older than two days they only cost space."""
    return Event.objects.filter(created_at__lt=moment - timedelta(days=2)).delete()[0]
