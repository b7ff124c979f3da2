"""What goes on in a system of the tests, in a process of its own.

python -m przystan.config.backup.tests.life WHAT '{"given": …}'    prints one line of JSON
"""

import json
import os
import sys
from datetime import timedelta
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")

QUESTION = "Ile kosztuje karta pobytu dla syna Olega?"


def begin() -> dict:
    """Somebody asks with an account, somebody without; the audit trail is sealed."""
    from przystan.core import clock
    from przystan.people import audit
    from przystan.people.actor import visitor
    from przystan.people.models import Account

    account = Account.objects.create(email="oleg@example.org")
    theirs = _ask(visitor("a"), account_id=account.pk)
    other = _ask(visitor("b"))
    audit.seal_pending(at=clock.now())
    return {"account": str(account.pk), "theirs": theirs, "other": other}


def _ask(actor, *, account_id=None) -> str:
    from przystan.conversations import services
    from przystan.conversations.models import Thread
    from przystan.core import clock
    from przystan.core.ids import new_token

    token = services.ask(QUESTION, actor=actor, lang="pl", key=new_token(), at=clock.now())
    if account_id:
        Thread.objects.by_token(token).update(account_id=account_id, session="")
    return token


def more(count: int = 1) -> dict:
    from przystan.people.actor import visitor

    return {"tokens": [_ask(visitor(f"later-{number}")) for number in range(count)]}


def erase(account: str, token: str) -> dict:
    """The person is erased, and the other conversation comes to the end of its days."""
    from przystan.conversations import services
    from przystan.conversations.models import Thread
    from przystan.core import clock, outbox
    from przystan.people import erasure, vault
    from przystan.people.actor import system

    erasure.erase_person(UUID(account), actor=system("on request"), at=clock.now())
    services.forget(Thread.objects.by_token(token).get().pk, at=clock.now())
    outbox.drain(at=clock.now() + timedelta(minutes=1))
    return {"destroyed": len(vault.destroyed_owners())}


def tell(tokens: list[str]) -> dict:
    """What is there: accounts, what each link shows, whether the audit chains hold."""
    from przystan.conversations import api as conversations
    from przystan.core.errors import PrzystanError
    from przystan.people import audit, vault
    from przystan.people.models import Account, AuditRow

    def shown(token: str) -> str:
        try:
            return conversations.by_token(token).question
        except PrzystanError as error:
            return type(error).__name__

    found = audit.verify()
    return {
        "accounts": Account.objects.count(),
        "shown": [shown(token) for token in tokens],
        "breaks": len(found.breaks),
        "rows": sum(head.length for head in found.heads),
        "restored": AuditRow.objects.filter(act="platform.restored").count(),
        "destroyed": len(vault.destroyed_owners()),
    }


def migrate_on() -> dict:
    """As if a later release had been here."""
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.create(app="core", name="0999_of_the_future")
    return {}


def main() -> None:
    import django

    django.setup()
    acts = {act.__name__: act for act in (begin, more, erase, tell, migrate_on)}
    print(json.dumps(acts[sys.argv[1]](**json.loads(sys.argv[2]))))


if __name__ == "__main__":
    main()
