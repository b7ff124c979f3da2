"""The rules engine: the law as data, evaluated on what is known.

Pure Python, no clock, imports nothing of ours.
See README.md of this package and docs/reference/rules.md.
"""

from .check import Check
from .definitions import (
    Definition,
    HitPolicy,
    Outcome,
    OutcomeKind,
    Row,
    Rule,
    Table,
    in_force,
)
from .explanation import Because, Change, Explanation, explain
from .faults import DefinitionError, FactError, Fault, Source, Where
from .program import Program, compiled
from .questions import Question, next_across, next_question
from .results import Missing, Result, Status, Verdict, result, verdict
from .values import (
    BOOL,
    DATE,
    DAYS,
    DECIMAL,
    INT,
    MONEY,
    MONTHS,
    TEXT,
    Dated,
    Kind,
    Listing,
    PartialDate,
    Type,
    Unknown,
    Why,
    choice,
    list_of,
    record,
)
from .vocabulary import Fact, KnownBy, Parameter, Sensitivity, Vocabulary

__all__ = [
    "BOOL",
    "DATE",
    "DAYS",
    "DECIMAL",
    "INT",
    "MONEY",
    "MONTHS",
    "TEXT",
    "Because",
    "Change",
    "Check",
    "Dated",
    "Definition",
    "DefinitionError",
    "Explanation",
    "Fact",
    "FactError",
    "Fault",
    "HitPolicy",
    "Kind",
    "KnownBy",
    "Listing",
    "Missing",
    "Outcome",
    "OutcomeKind",
    "Parameter",
    "PartialDate",
    "Program",
    "Question",
    "Result",
    "Row",
    "Rule",
    "Sensitivity",
    "Source",
    "Status",
    "Table",
    "Type",
    "Unknown",
    "Verdict",
    "Vocabulary",
    "Where",
    "Why",
    "choice",
    "compiled",
    "explain",
    "in_force",
    "list_of",
    "next_across",
    "next_question",
    "record",
    "result",
    "verdict",
]
