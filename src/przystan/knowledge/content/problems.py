"""What is wrong with a content folder, told so that its author can put it right."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from przystan.core.errors import PrzystanError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is, what it is, what to do. `line` is 0 where YAML gives none."""

    file: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason} {self.remedy}".rstrip()


class ContentError(PrzystanError):
    """The content has faults; nothing of it was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        first = "\n".join(str(problem) for problem in problems[:20])
        super().__init__(
            _("The content has %(count)d faults; nothing was loaded.\n%(first)s")
            % {"count": len(problems), "first": first}
        )
        self.problems = problems


class Report:
    """Collects problems of one folder; files are named from the folder down."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = ""
        self._problems: list[Problem] = []

    @property
    def file(self) -> str:
        return self._file

    @contextmanager
    def of(self, path: Path) -> Iterator[None]:
        """Name `path` in every problem found inside."""
        before, self._file = self._file, self.name(path)
        try:
            yield
        finally:
            self._file = before

    def name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def add(self, line: int, reason: str, remedy: str = "", *, file: str = "") -> None:
        self._problems.append(Problem(file or self._file, line, reason, remedy))

    @property
    def problems(self) -> list[Problem]:
        return sorted(set(self._problems))
