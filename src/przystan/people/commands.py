"""`przystan people …` and `przystan demo …`."""

import argparse
from datetime import timedelta

from przystan.core import clock
from przystan.core.cli import command
from przystan.people import actor as actors
from przystan.people import demo, offices, queries
from przystan.people.models import Office


@command("people list", help="who works where, as what, until when")
def list_people(arguments: argparse.Namespace) -> int:
    for found in queries.memberships(at=clock.now()):
        teams = f" [{', '.join(found.teams)}]" if found.teams else ""
        until = f" until {found.valid_to:%Y-%m-%d}" if found.valid_to else ""
        print(f"{found.office.slug}  {found.role}{teams}  {found.email or '-'}{until}")
    return 0


def _role_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email")
    parser.add_argument("role", help="a staff role of people/roles.yaml")
    parser.add_argument("office", help="slug of the office")


def _grant_arguments(parser: argparse.ArgumentParser) -> None:
    _role_arguments(parser)
    parser.add_argument("--team", action="append", default=[], help="may be given several times")
    parser.add_argument("--days", type=int, help="end the role after so many days")


@command("people grant", help="give somebody a role in an office", arguments=_grant_arguments)
def grant(arguments: argparse.Namespace) -> int:
    at = clock.now()
    until = at + timedelta(days=arguments.days) if arguments.days is not None else None
    given = offices.grant(
        arguments.email,
        arguments.role,
        arguments.office,
        actor=actors.system("command-line"),
        at=at,
        teams=arguments.team,
        until=until,
    )
    print(f"{given.email} is {given.role} in {given.office.slug}.")
    print('They set a password by "Forgotten password?" at the staff sign-in, then add a passkey')
    print("or an authenticator app; no other page opens before.")
    return 0


@command("people revoke", help="end somebody's role in an office", arguments=_role_arguments)
def revoke(arguments: argparse.Namespace) -> int:
    ended = offices.revoke(
        arguments.email,
        arguments.role,
        arguments.office,
        actor=actors.system("command-line"),
        at=clock.now(),
    )
    print(f"{ended} role(s) ended.")
    return 0 if ended else 1


def _office_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("name")
    parser.add_argument("--kind", required=True, choices=Office.Kind.values)
    parser.add_argument("--parent", default="", help="slug of the office above it")
    parser.add_argument("--controller", required=True, help="who answers for its personal data")
    parser.add_argument("--contact", required=True, help="how to reach the controller")
    parser.add_argument("--notice", required=True, help="key of the controller's privacy notice")
    parser.add_argument("--terc", default="", help="territorial code (TERYT)")


@command("people office", help="create an office in the tree", arguments=_office_arguments)
def office(arguments: argparse.Namespace) -> int:
    made = offices.ensure_office(
        arguments.slug,
        name=arguments.name,
        kind=arguments.kind,
        parent=arguments.parent,
        controller=(arguments.controller, arguments.contact, arguments.notice),
        terc=arguments.terc,
        actor=actors.system("command-line"),
    )
    print(f"{made.path}  {made.name}")
    return 0


@command("demo accounts", help="the ways into the demo (loopback only)")
def demo_accounts(arguments: argparse.Namespace) -> int:
    demo.create_demo(clock.now())
    print(demo.introduction())
    return 0


def _totp_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email")


@command(
    "demo totp", help="the authenticator code of a demo account, now", arguments=_totp_arguments
)
def demo_totp(arguments: argparse.Namespace) -> int:
    print(demo.totp_code(arguments.email, at=clock.now()))
    return 0
