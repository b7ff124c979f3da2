"""What went wrong, said to a person: what happened, to what, and what to do next."""

import secrets

# No vowels and no look-alikes: a reference is read out on the phone.
READABLE = "BCDFGHJKLMNPQRSTVWXZ2345679"


def new_reference() -> str:
    """A reference number such as `K4TX-9QWM`, for the page, the log and the phone call."""
    letters = "".join(secrets.choice(READABLE) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class PrzystanError(Exception):
    """An error whose `reason` may be shown as it is; it never holds a person's data.

    Args:
        reason: a complete, translated sentence or two: what happened and what to do.
        status: the HTTP status that a page answers with.
    """

    status = 400

    def __init__(self, reason: object, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        if status is not None:
            self.status = status


class AbsentError(PrzystanError):
    """There is no such thing, or it is not yours: both look the same from outside."""

    status = 404


class KeyReusedError(PrzystanError):
    """An idempotency key came again with another body."""

    status = 409


class TooManyRequestsError(PrzystanError):
    """A rate limit was reached; `retry_after_s` says when to come back."""

    status = 429

    def __init__(self, reason: object, *, retry_after_s: int) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class BadFileError(PrzystanError):
    """A file could not be read: names file, line and reason; nothing of it was kept."""

    def __init__(self, path: object, line: int | None, reason: object) -> None:
        place = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{place}: {reason}")
        self.path, self.line = path, line
