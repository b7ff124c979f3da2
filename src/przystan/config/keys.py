"""Keys that a demo on loopback makes for itself, once, outside the database."""

import base64
import os
import secrets
from pathlib import Path


def local_key(data_dir: Path, name: str) -> str:
    """The key kept in `<data_dir>/keys/<name>`, made on first use and readable by its owner alone.

    A backup never holds this folder: without it a stolen copy of the database stays closed.
    """
    path = data_dir / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
        # Written aside and linked, so that two processes starting at once agree on one key.
        fresh = path.with_name(f".{name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(key, encoding="ascii")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
