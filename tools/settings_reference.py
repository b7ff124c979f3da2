"""The page of settings, made from the comments in `config/settings.py`.

tools/settings_reference.py           write docs/reference/settings.md
tools/settings_reference.py --check   fail if the page is stale or a setting has no comment
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "src" / "przystan" / "config" / "settings.py"
PAGE = ROOT / "docs" / "reference" / "settings.md"
HEAD = """# Settings

Environment variables, read once at start. Made from the comments of `config/settings.py` by
`tools/settings_reference.py`; the gate fails when this page is stale. Without any of them the
product runs on the loopback address with everything in one folder.

| Variable | Default | Meaning |
| --- | --- | --- |
"""


def main() -> int:
    rows = list(settings(SETTINGS.read_text(encoding="utf-8")))
    if silent := [name for name, _, meaning in rows if not meaning]:
        print(f"settings without a comment: {', '.join(silent)}")
        return 1
    page = HEAD + "".join(f"| `{n}` | {default} | {meaning} |\n" for n, default, meaning in rows)
    if "--check" in sys.argv:
        is_fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page
        print("settings.md is fresh" if is_fresh else "settings.md is stale: run this tool")
        return 0 if is_fresh else 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


def settings(source: str) -> list[tuple[str, str, str]]:
    """(name, default, meaning) of every `env.…("NAME", default=…)`, in the order of the file."""
    lines = source.splitlines()
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and is_env(node.func) and is_named(node)):
            continue
        name = ast.literal_eval(node.args[0])
        default = next((ast.unparse(k.value) for k in node.keywords if k.arg == "default"), "")
        found.append((node.lineno, name, f"`{default}`", comment_above(lines, node.lineno)))
    return [(name, default, meaning) for _, name, default, meaning in sorted(found)]


def is_env(func: ast.expr) -> bool:
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "env"
    )


def is_named(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def comment_above(lines: list[str], number: int) -> str:
    """The comment over a statement that spans some lines; a neighbour's comment counts."""
    row = number - 2
    while row >= 0 and lines[row].strip() and not lines[row].lstrip().startswith("#"):
        row -= 1
    comment: list[str] = []
    while row >= 0 and lines[row].lstrip().startswith("# ") and "---" not in lines[row]:
        comment.insert(0, lines[row].strip().removeprefix("# "))
        row -= 1
    return " ".join(comment).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
