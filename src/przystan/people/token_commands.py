"""`przystan tokens …`: keys of connected systems."""

import argparse
from uuid import UUID

from przystan.core import clock
from przystan.core.cli import command
from przystan.people import actor as actors
from przystan.people import tokens


def _issue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="which system will use it")
    parser.add_argument("--office", required=True, help="slug of the office that answers for it")
    parser.add_argument(
        "--scope", action="append", required=True, choices=sorted(tokens.SCOPES), default=[]
    )
    parser.add_argument("--days", type=int, default=365, help="days until it ends; default: 365")


@command("tokens issue", help="make a key for a connected system", arguments=_issue)
def issue(arguments: argparse.Namespace) -> int:
    token, secret = tokens.issue(
        arguments.name,
        arguments.office,
        arguments.scope,
        days=arguments.days,
        actor=actors.system("command-line"),
        at=clock.now(),
    )
    print(f"{token.pk}  until {token.expires_at:%Y-%m-%d}")
    print(f"Keep this key; it is shown only now:\n{secret}")
    return 0


@command("tokens list", help="keys of connected systems, without their secrets")
def list_tokens(arguments: argparse.Namespace) -> int:
    for token in tokens.all_tokens():
        state = "revoked" if token.revoked_at else f"until {token.expires_at:%Y-%m-%d}"
        used = f"last used {token.last_used_on}" if token.last_used_on else "never used"
        scopes = ",".join(token.scopes)
        print(f"{token.pk}  {token.office.slug}  {token.name}  {scopes}  {state}  {used}")
    return 0


def _revoke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=UUID)


@command("tokens revoke", help="end a key at once", arguments=_revoke)
def revoke(arguments: argparse.Namespace) -> int:
    tokens.revoke(arguments.id, actor=actors.system("command-line"), at=clock.now())
    print(f"{arguments.id} is revoked.")
    return 0
