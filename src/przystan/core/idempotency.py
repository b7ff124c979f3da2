"""A repeated submission is the same submission."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from przystan.core.errors import KeyReusedError
from przystan.core.models import IdempotentAct


def once(scope: str, key: str, body: Any, act: Callable[[], str]) -> tuple[str, bool]:
    """Do an act once per key, inside the caller's transaction.

    Args:
        scope: what kind of act, for example "ask"; keys of two scopes never meet.
        key: chosen by the client, hidden in the form.
        body: JSON-able; the same key with another body is refused.
        act: does the work and returns the id of its result (at most 80 characters).

    Returns:
        the result's id, and whether the act was done now (False: it had been done before).

    Raises:
        KeyReusedError: this key was used for another body.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("idempotency.once belongs inside the transaction of its act.")
    digest = hashlib.sha256(
        json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    # The row is written first: of two submissions at once the second waits here, or finds it.
    row, is_new = IdempotentAct.objects.select_for_update().get_or_create(
        scope=scope, key=key[:200], defaults={"body_hash": digest, "result": ""}
    )
    if row.body_hash != digest:
        raise KeyReusedError(
            _(
                "This form was already sent with other content. "
                "Open the page again and send it anew; what you sent before is kept."
            )
        )
    if not is_new:
        return row.result, False
    row.result = act()
    row.save(update_fields=["result"])
    return row.result, True
