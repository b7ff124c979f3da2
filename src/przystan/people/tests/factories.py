"""People of every role, and the ways they take through the pages of the sign-in."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import factory
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from przystan.core import clock, outbox
from przystan.people import actor as actors
from przystan.people import offices
from przystan.people.actor import Actor
from przystan.people.models import Account, Membership

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SYSTEM = actors.system("test")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CODE = re.compile(r"\b[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{3}\b")


class AccountFactory(factory.django.DjangoModelFactory):
    """Somebody who signs in by e-mail code; `phone_only` has no address."""

    class Meta:
        model = Account

    class Params:
        phone_only = factory.Trait(email=None)

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = "!"


def staff(role: str = "agent", *, email: str = "", app: bool = True, office: str = "") -> Account:
    """Somebody who works in the contact centre, with a password and an authenticator app."""
    place = office or offices.ensure_portal(actor=SYSTEM).slug
    address = email or f"{role}@office.example"
    offices.grant(address, role, place, actor=SYSTEM, at=LONG_AGO)
    account = Account.objects.get(email=address)
    account.set_password(PASSWORD)
    account.save()
    if app and not Authenticator.objects.filter(user=account, type="totp").exists():
        totp.TOTP.activate(account, SECRET)
    return account


def second_office() -> str:
    """Slug of an office that is not below the contact centre."""
    return offices.ensure_office(
        "ngo",
        name="Fundacja",
        kind="ngo",
        controller=("Fundacja", "https://ngo.example", "ngo"),
        actor=SYSTEM,
    ).slug


def actor_of(account: Account) -> Actor:
    """The actor of a staff account that has shown its second factor."""
    membership = Membership.objects.filter(account=account).first()
    if membership is None:
        return Actor(role="person", account_id=account.pk, subject=account.subject, assurance="low")
    return Actor(
        role=membership.role,
        account_id=account.pk,
        subject=account.subject,
        office_id=membership.office_id,
        assurance="substantial",
        teams=membership.all_teams,
    )


def app_code(secret: str = SECRET) -> str:
    counter = int(clock.now().timestamp()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def letters() -> list[SimpleNamespace]:
    """Letters sent so far, after the outbox has been emptied."""
    outbox.drain(at=clock.now())
    return [
        SimpleNamespace(to=m.to[0], subject=m.subject, body=m.body, code=_code(m.body))
        for m in mail.outbox
    ]


def messages_by_sms(folder) -> list[SimpleNamespace]:
    """Text messages sent so far, oldest first."""
    outbox.drain(at=clock.now())
    files = sorted((folder / "sms").glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
    texts = [path.read_text() for path in files]
    return [
        SimpleNamespace(to=text.splitlines()[0].removeprefix("To: "), body=text, code=_code(text))
        for text in texts
    ]


def _code(body: str) -> str:
    found = CODE.search(body)
    return found.group() if found else ""


def sign_in_person(client: Client, email: str, *, next_url: str = ""):
    """Ask for a code by e-mail and type it; returns the last response."""
    query = {"next": next_url} if next_url else {}
    client.post(reverse("account_login"), {"address": email, **query})
    code = letters()[-1].code
    return client.post(reverse("account_confirm_login_code"), {"code": code, **query})


def sign_in_staff(client: Client, account: Account, *, password: str = PASSWORD):
    """Password, then the app's code where there is an app; returns the last response."""
    response = client.post(
        reverse("people_staff_sign_in"), {"login": account.email, "password": password}
    )
    if not Authenticator.objects.filter(user=account, type="totp").exists():
        return response
    return client.post(reverse("mfa_authenticate"), {"code": app_code()})
