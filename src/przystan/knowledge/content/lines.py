"""Where each thing of a content folder stands, so that a fault found later still has its line."""


class Lines:
    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], tuple[str, int]] = {}

    def put(self, key: tuple[str, ...], file: str, line: int) -> None:
        self._places.setdefault(key, (file, line))

    def of(self, key: tuple[str, ...]) -> tuple[str, int]:
        """(file, line); ("", 0) for what was never read."""
        return self._places.get(key, ("", 0))
