"""`przystan`: the command line. Each app adds its commands in its own `commands.py`."""

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "przystan.config.settings")
    import django

    django.setup()
    from django.utils.module_loading import autodiscover_modules

    from przystan.config import up  # noqa: F401  registers the commands that run the product
    from przystan.config.backup import commands as backup
    from przystan.core import cli
    from przystan.people import (  # noqa: F401  `audit …`, `vault rotate`, `tokens …`
        audit_commands,
        token_commands,
    )

    autodiscover_modules("commands")
    backup.finish_interrupted()
    return cli.run(list(sys.argv[1:] if argv is None else argv))


if __name__ == "__main__":
    raise SystemExit(main())
