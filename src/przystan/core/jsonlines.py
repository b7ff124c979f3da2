"""JSON lines: what batch commands read, one object a line."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from przystan.core.errors import BadFileError


def rows(path: Path, needed: set[str]) -> Iterator[dict[str, Any]]:
    """Rows of a JSON lines file.

    Raises:
        BadFileError: names the line that is not an object with the needed fields.
    """
    try:
        lines: Iterable[str] = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(path, None, "It cannot be read as UTF-8 text.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadFileError(path, number, f"It is not JSON: {error.msg}.") from error
        except RecursionError as error:
            raise BadFileError(path, number, "It is nested too deeply.") from error
        if not isinstance(row, dict) or not needed <= row.keys():
            fields = ", ".join(sorted(needed))
            raise BadFileError(path, number, f"An object with {fields} was expected.")
        yield row
