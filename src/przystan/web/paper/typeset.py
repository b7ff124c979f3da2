"""A template of typst and data as JSON become a tagged PDF.

Data go in through `sys.inputs`, so that nothing has to be escaped and nothing of it is code. Fonts
are the system's (Debian: fonts-noto-core); what the wheel brings stands in for Latin and Cyrillic.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent


def pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Set a sheet. `at` stands in the file as the moment of making.

    Raises:
        FileNotFoundError: there is no such template.
    """
    source = FOLDER / f"{template}.typ"
    if not source.is_file():
        raise FileNotFoundError(source.name)
    return bytes(
        typst.compile(
            str(source),
            root=str(FOLDER),
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=int(at.timestamp()),
            format="pdf",
        )
    )


@lru_cache(maxsize=1)
def _fonts() -> list[str]:
    places = ("/usr/share/fonts/truetype/noto", "/usr/share/fonts/truetype/dejavu")
    return [place for place in places if Path(place).is_dir()]
