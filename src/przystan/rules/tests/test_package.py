"""The engine stands on the standard library alone."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            depth = len(path.relative_to(PACKAGE).parts)
            assert node.level <= depth, f"{path}: reaches out of the package"


def test_rules_imports_the_standard_library_and_itself():
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.relative_to(PACKAGE).parts:
            for module in imported(path):
                assert module.split(".")[0] in sys.stdlib_module_names, f"{path}: {module}"


def test_rules_reads_no_clock_and_runs_no_text_as_code():
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.relative_to(PACKAGE).parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node, "attr", getattr(node, "id", ""))
                assert name not in ("today", "now", "eval", "exec"), f"{path}: {name}"
