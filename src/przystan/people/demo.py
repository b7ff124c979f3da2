"""Accounts for trying the product out, on loopback only."""

import ipaddress
import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from przystan.core.errors import AbsentError, PrzystanError
from przystan.people import actor as actors
from przystan.people import offices
from przystan.people.data import DemoAccount
from przystan.people.models import Account

# A name that no mail leaves this machine for (RFC 2606).
DOMAIN = "demo.example"
STAFF_ROLES = ("agent", "danger_agent", "editor", "legal_reviewer", "auditor", "admin")
PERSON = f"person@{DOMAIN}"


def create_demo(at: datetime) -> list[DemoAccount]:
    """Make the demo's offices and accounts, or find them again, and return the ways in.

    Passwords and TOTP secrets are made at random once and kept in DATA_DIR/keys/demo.json, so
    they stay the same for this data folder and are of no use to any other.

    Raises:
        PrzystanError: this is no demo (settings.DEMO).
    """
    _require_demo()
    actor = actors.system("demo")
    secrets_of = _load_or_make_secrets()
    made = []
    with transaction.atomic():
        centre = offices.ensure_portal(actor=actor)
        for role in STAFF_ROLES:
            email = _email(role)
            offices.grant(email, role, centre.slug, actor=actor, at=at)
            _set_ways_in(email, **secrets_of[role])
            made.append(DemoAccount(email, role, **secrets_of[role]))
        _person()
    return [*made, DemoAccount(PERSON, "person")]


def introduction() -> str:
    """The ways into a demo that `create_demo` has made, for the terminal of whoever runs it."""
    _require_demo()
    kept = _load_secrets()
    lines = ["Demo accounts (this machine only); staff also type `przystan demo totp EMAIL`:"]
    for role in STAFF_ROLES:
        way = f"password {kept[role]['password']}  TOTP {kept[role]['totp_secret']}"
        lines.append(f"  {role:<15} {_email(role):<28} {way}")
    letters = Path(settings.DATA_DIR) / "mail"
    return "\n".join([*lines, f"  {'person':<15} {PERSON:<28} code by e-mail, in {letters}"])


def totp_code(email: str, *, at: datetime) -> str:
    """The code that the authenticator app of a demo account shows at that moment.

    Raises:
        PrzystanError: this is no demo.
        AbsentError: no demo account of that address has an authenticator app.
    """
    _require_demo()
    role = next((role for role in STAFF_ROLES if _email(role) == email.strip().lower()), None)
    kept = _load_secrets()
    if role is None or role not in kept:
        raise AbsentError(
            _("No demo account of this address has an authenticator app. Run `przystan up` once.")
        )
    counter = int(at.timestamp()) // 30
    value = totp.hotp_value(kept[role]["totp_secret"], counter)
    return str(totp.format_hotp_value(value))


def refuse_from_outside(email: str | None, request: HttpRequest) -> None:
    """Demo accounts exist for this machine alone: from elsewhere there are none (AbsentError)."""
    if not email or not email.endswith(f"@{DOMAIN}"):
        return
    if not settings.DEMO or not _is_loopback(str(request.META.get("REMOTE_ADDR", ""))):
        raise AbsentError(_("Demo accounts work on this very machine only."))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _require_demo() -> None:
    if not settings.DEMO:
        raise PrzystanError(
            _("This is no demo: demo accounts exist only on loopback with DEMO switched on.")
        )


def _email(role: str) -> str:
    return f"{role.replace('_', '-')}@{DOMAIN}"


def _secrets_file() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "demo.json"


def _load_secrets() -> dict[str, dict[str, str]]:
    path = _secrets_file()
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return kept


def _load_or_make_secrets() -> dict[str, dict[str, str]]:
    kept = _load_secrets()
    for role in STAFF_ROLES:
        fresh = {
            "password": secrets.token_urlsafe(12),
            "totp_secret": totp.generate_totp_secret(),
        }
        kept.setdefault(role, fresh)
    path = _secrets_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".demo.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(kept, indent=2), encoding="utf-8")
    aside.replace(path)
    return kept


def _set_ways_in(email: str, *, password: str, totp_secret: str) -> None:
    account = Account.objects.get(email=email)
    if not account.check_password(password):
        account.set_password(password)
        account.save(update_fields=["password"])
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        totp.TOTP.activate(account, totp_secret)


def _person() -> None:
    account, is_new = Account.objects.get_or_create(email=PERSON)
    if is_new:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=account, email=PERSON, defaults={"verified": True, "primary": True}
    )
