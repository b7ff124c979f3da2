from datetime import date
from fractions import Fraction

import pytest

from przystan.knowledge.data import DatedParameter, DatedValue, LawView
from przystan.procedures.authoring.checking import check
from przystan.procedures.authoring.folder import read_folder
from przystan.procedures.law import law
from przystan.procedures.tests.writing import written

ON = date(2026, 11, 23)


@pytest.fixture(scope="session")
def small_law():
    """The sources and parameters that the small folder names."""
    fixed = {"stamp-duty-trp-work": 44_000, "residence-card-fee": 10_000}
    parameters = {
        id: DatedParameter("money", (DatedValue(None, value),)) for id, value in fixed.items()
    }
    parameters["minimum-wage"] = DatedParameter(
        "money",
        (DatedValue(date(2025, 1, 1), 466_600), DatedValue(date(2026, 1, 1), 480_600),
         DatedValue(date(2027, 1, 1), None)),
    )  # fmt: skip
    parameters["share"] = DatedParameter("percent", (DatedValue(None, Fraction(1, 2)),))
    provisions = ("art-7-1", "art-114-1-1", "art-114-1-5")
    return law(
        LawView(
            parameters=parameters,
            provisions=frozenset(f"law:act-on-foreigners#{each}" for each in provisions),
            pages={"page:mazowieckie-fees": True},
            articles=frozenset({"residence-card"}),
            editions={"act-on-foreigners": "DU/2025/1079 (2026-07-18)"},
        )
    )


@pytest.fixture
def faults_of(tmp_path, small_law):
    """Write the folder with some files changed; give its faults as texts."""

    def found(**files):
        library, faults = read_folder(written(tmp_path / "procedures", **files))
        return [str(fault) for fault in (*faults, *check(library, small_law)[1])]

    return found


@pytest.fixture
def small(tmp_path, small_law):
    """The catalogue of the small folder."""
    library, faults = read_folder(written(tmp_path / "procedures"))
    ready, more = check(library, small_law)
    assert [*faults, *more] == []
    return ready
