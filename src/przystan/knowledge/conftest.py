"""The room alone: what rooms above ask before a publication is tested there."""

import pytest

from przystan.knowledge import gates


@pytest.fixture(autouse=True)
def no_gates_of_other_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_GATES", [])
