"""What `people` and the libraries under it keep about an account, and what becomes of it.

Django, allauth, Wagtail and the task queue know nothing of our registry, so they are named here;
a library that is not installed is passed over. Imported by handlers alone.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.conf import settings

from przystan.people import adapter, audit, consent, erasure, letters, locked, personal_data
from przystan.people.models import Account, AuditRow, Phone
from przystan.people.personal_data import Owner, Record


class Link(NamedTuple):
    """A model and the columns that name an account; see `register_linked_rows`."""

    label: str
    delete: tuple[str, ...] = ()
    unlink: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


LINKS: Final = (
    Link("people.Account_groups", ("account_id",)),
    Link("people.Account_user_permissions", ("account_id",)),
    Link("people.Membership", ("account_id",)),
    Link("account.EmailAddress", ("user_id",)),
    Link("account.EmailConfirmation", ("email_address__user_id",), hidden=("key",)),
    Link("mfa.Authenticator", ("user_id",), hidden=("data",)),
    Link("wagtailusers.UserProfile", ("user_id",)),
    Link("wagtailadmin.EditingSession", ("user_id",)),
    Link("wagtailadmin.FormState", ("user_id",)),
    Link("wagtailcore.APIToken", ("user_id",), hidden=("key_hash", "prefix")),
    Link("wagtailcore.Comment", ("user_id",), unlink=("resolved_by_id",)),
    Link("wagtailcore.CommentReply", ("user_id",)),
    Link("wagtailcore.PageSubscription", ("user_id",)),
    # Published work and its history belong to the office; only the person's link to it goes.
    Link("wagtailcore.ModelLogEntry", unlink=("user_id",)),
    Link("wagtailcore.Page", unlink=("owner_id", "locked_by_id")),
    Link("wagtailcore.PageLogEntry", unlink=("user_id",)),
    Link("wagtailcore.Revision", unlink=("user_id",)),
    Link("wagtailcore.TaskState", unlink=("finished_by_id",)),
    Link("wagtailcore.UploadedFile", unlink=("uploaded_by_user_id",)),
    Link("wagtailcore.WorkflowState", unlink=("requested_by_id",)),
    Link("wagtaildocs.Document", unlink=("uploaded_by_user_id",)),
    Link("wagtailimages.Image", unlink=("uploaded_by_user_id",)),
)
# Messages, events and jobs carry ids and, in a traceback, what somebody typed.
LOOSE_TEXT: Final = (
    ("core.OutboxMessage", ("payload", "key")),
    ("core.Event", ("stream", "data")),
    ("core.IdempotentAct", ("scope", "key", "result")),
    ("django_tasks_database.DBTaskResult", ("args_kwargs", "return_value", "traceback")),
)


def register() -> None:
    """Fill the registry for everything that stands here; once, when the apps are ready."""
    for link in LINKS:
        if _is_installed(link.label):
            personal_data.register_linked_rows(
                link.label, delete=link.delete, unlink=link.unlink, hidden=link.hidden
            )
    for label, columns in LOOSE_TEXT:
        if _is_installed(label):
            personal_data.register_loose_text(label, *columns)
    personal_data.register_addresses(addresses_of)
    put = personal_data.register_personal_data
    put("people.Account", export=export_account, erase=_kept)
    put("people.Phone", export=export_phone, erase=erase_phone)
    put("people.DataKey", export=_nothing, erase=_kept)
    put("people.ConsentEntry", export=export_consents, erase=_kept)
    put("people.AuditRow", export=export_audit, erase=_kept)
    put("people.AuditMention", export=_nothing, erase=_kept)
    put("sessions.Session", export=export_sessions, erase=erase_sessions)
    put("letters", export=_nothing, erase=erase_letters, is_loose_text=True)
    put("mail files", export=_nothing, erase=erasure.erase_mail)


def _is_installed(label: str) -> bool:
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def _nothing(owner: Owner) -> Iterator[Record]:
    yield from ()


def _kept(owner: Owner, at: datetime) -> int:
    """Nothing to do here.

    `erase_person` itself deletes the account and destroys its key; consents and audit rows name
    a subject key that then leads to nobody, and their sealed parts no longer open.
    """
    return 0


# --- our own rows -----------------------------------------------------------------------


def addresses_of(account: Account) -> Iterator[str]:
    yield account.email or ""
    yield adapter.phone_of(account)
    if apps.is_installed("allauth.account"):
        kept = apps.get_model("account", "EmailAddress").objects.filter(user_id=account.pk)
        yield from kept.values_list("email", flat=True)


def export_account(owner: Owner) -> Iterator[Record]:
    for account in Account.objects.filter(pk=owner.account_id):
        yield personal_data.exported(account)


def export_phone(owner: Owner) -> Iterator[Record]:
    for row in Phone.objects.filter(account_id=owner.account_id).select_related("account"):
        yield {"phone": adapter.phone_of(row.account), "verified_at": row.verified_at}


def erase_phone(owner: Owner, at: datetime) -> int:
    return Phone.objects.filter(account_id=owner.account_id).delete()[0]


def export_consents(owner: Owner) -> Iterator[Record]:
    for entry in consent.history(Account.objects.get(pk=owner.account_id)):
        yield {
            "purpose": entry.purpose,
            "controller_id": entry.controller_id,
            "is_given": entry.is_given,
            "at": entry.at,
            "text_version": entry.text_version,
            "language": entry.language,
            "evidence": entry.evidence,
        }


def export_audit(owner: Owner) -> Iterator[Record]:
    """What the person did, and who looked: roles and offices, never officials."""
    own = AuditRow.objects.filter(actor_subject=owner.subject, is_about_sealed=False)
    for at, act in own.order_by("id").values_list("at", "act"):
        yield {"at": at, "act": act, "by": "you"}
    for look in audit.who_looked(Account.objects.get(pk=owner.account_id), limit=100_000):
        yield {
            "at": look.at,
            "act": look.act,
            "by": look.role,
            "office": look.office,
            "purpose": look.purpose,
        }


# --- sessions and letters ---------------------------------------------------------------


def export_sessions(owner: Owner) -> Iterator[Record]:
    for row in _sessions_of(owner):
        yield {"expires_at": row.expire_date}


def erase_sessions(owner: Owner, at: datetime) -> int:
    """Sign the person out everywhere; sign-ins begun with their address go too."""
    theirs = [row.pk for row in _sessions_of(owner)]
    return _sessions().filter(pk__in=theirs).delete()[0] if theirs else 0


def _sessions_of(owner: Owner) -> Iterator[Any]:
    # Sessions are locked and know no account in the clear, so each must be opened.
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for row in _sessions().iterator(500):
        opened = json.dumps(store.decode(row.session_data), ensure_ascii=False, default=str)
        if any(trace in opened for trace in owner.traces):
            yield row


def _sessions() -> Any:
    return apps.get_model("sessions", "Session").objects.all()


def erase_letters(owner: Owner, at: datetime) -> int:
    """Delete letters to the person that have not left yet."""
    messages = apps.get_model("core", "OutboxMessage").objects
    waiting = messages.filter(topic__in=[letters.MAIL, letters.SMS])
    theirs = [message.pk for message in waiting if _is_to(message.payload, owner)]
    return int(messages.filter(pk__in=theirs).delete()[0])


def _is_to(payload: dict[str, Any], owner: Owner) -> bool:
    try:
        letter = locked.unlock("letter", base64.b64decode(payload.get("box", "")))
    except ValueError:
        # It opens for nobody, its sender included.
        return False
    return any(trace in letter.decode() for trace in owner.traces)
