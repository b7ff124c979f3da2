"""Commands of the editors' room: `editors seed`."""

import argparse

from django.utils.translation import gettext as _

from przystan.core import clock
from przystan.core.cli import command
from przystan.knowledge.editors.seeding import seed
from przystan.people.actor import system


@command("editors seed", help="give every published article its pages in the editors' room")
def editors_seed(arguments: argparse.Namespace) -> int:
    done = seed(at=clock.now(), actor=system("seed the editors' room"))
    words = {"made": done.made, "renewed": done.renewed, "kept": done.kept}
    print(
        _("%(made)d pages made, %(renewed)d renewed, %(kept)d kept as an editor left them.") % words
    )
    return 0
