"""What stops the start: a bad roles.yaml, missing keys or a demo on a public address."""

import sys
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from przystan.core.errors import BadFileError
from przystan.people import roles

NEEDED_KEYS = ("SECRET_KEY", "MASTER_KEY", "INDEX_KEY")


@checks.register(checks.Tags.security)
def roles_are_good(**_kwargs: Any) -> list[checks.CheckMessage]:
    """people.E010: names file, line and reason of a bad entry."""
    try:
        roles.book()
    except BadFileError as error:
        return [checks.Error(str(error.reason), id="people.E010")]
    return []


@checks.register(checks.Tags.security)
def address_is_guarded(**_kwargs: Any) -> list[checks.CheckMessage]:
    """people.E011 and E012: on an address that others reach, keys are set and no demo runs."""
    if settings.IS_LOOPBACK:
        return []
    found: list[checks.CheckMessage] = [
        checks.Error(
            f"BIND={settings.BIND} is no loopback address and {name} is not set.",
            hint=f"Set {name} in the environment; `przystan vault key` prints a new key.",
            id="people.E011",
        )
        for name in NEEDED_KEYS
        if not _is_set(name)
    ]
    if settings.DEMO:
        found.append(
            checks.Error(
                f"BIND={settings.BIND} is no loopback address and DEMO is on: its passwords are "
                "printed.",
                hint="Set DEMO=0, or bind to 127.0.0.1.",
                id="people.E012",
            )
        )
    return found


@checks.register(checks.Tags.security)
def staff_are_signed_out(**_kwargs: Any) -> list[checks.CheckMessage]:
    """people.E013: a pause that ends a session is a number of minutes within a working day."""
    minutes = settings.STAFF_IDLE_MINUTES
    if 1 <= minutes <= 8 * 60:
        return []
    return [
        checks.Error(
            f"STAFF_IDLE_MINUTES={minutes} is not between 1 and 480.",
            hint="Set it to the minutes after which staff sign in again, such as 30.",
            id="people.E013",
        )
    ]


def _is_set(name: str) -> bool:
    try:
        return bool(getattr(settings, name))
    except ImproperlyConfigured:  # Django's own answer to an empty SECRET_KEY
        return False


def refuse_unsafe_start() -> None:
    """Stop the process (status 2) on a failed security check; servers and workers call it first."""
    errors = [one for one in checks.run_checks(tags=[checks.Tags.security]) if one.is_serious()]
    if not errors:
        return
    for error in errors:
        print(f"{error.id}: {error.msg} {error.hint or ''}".rstrip(), file=sys.stderr)
    raise SystemExit(2)
