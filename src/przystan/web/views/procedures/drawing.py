"""Controls of a form: what stands in them, from what was stated or what was just typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from przystan.procedures import api as procedures

# Countries most of the people who ask come from (UdSC, permits in force), offered first.
FIRST_COUNTRIES = ("UA", "BY", "RU", "GE", "IN", "VN", "MD", "TR", "UZ", "PH")
MOST_ROWS = 8


def control(field: procedures.Field, value: Any, *, is_many: bool = False) -> dict[str, Any]:
    """A control with what was stated earlier in it."""
    made = _frame(field)
    if procedures.is_unknown(value):
        value = None
    if is_many:
        items = [str(one) for one in procedures.items_of(value)[0]]
        return made | {"is_many": True, "rows": _rows(items, 0), "chosen": items}
    return made | _filled(field, value)


def _filled(field: procedures.Field, value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    match field.kind:
        case "bool":
            return {"chosen": ["yes" if value else "no"]}
        case "choice" | "country":
            return {"chosen": [str(value)]}
        case "date":
            year, _, rest = str(value).partition("-")
            month, _, day = rest.partition("-")
            return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
        case "money":
            grosz = int(value)
            whole, part = divmod(grosz, 100)
            return {"text": f"{whole},{part:02}" if part else str(whole)}
    return {"text": str(value).replace(".", ",") if field.kind == "decimal" else str(value)}


def control_typed(
    field: procedures.Field,
    post: Mapping[str, Sequence[str]],
    told: Mapping[str, str],
    is_many: bool,
    more_rows: int,
) -> dict[str, Any]:
    """A control with what was just typed in it, right or wrong, and what is wrong with it."""
    name = field.name
    typed = [one[:400] for one in post.get(name, [])]
    made = _frame(field) | {
        "chosen": typed,
        "text": typed[-1] if typed else "",
        "day": _last(post, f"{name}-day"),
        "month": _last(post, f"{name}-month"),
        "year": _last(post, f"{name}-year"),
        "error": next((text for part, text in told.items()
                       if part == name or part.startswith(f"{name}-")), ""),
        "wrong_part": next((part for part in told if part.startswith(f"{name}-")), ""),
    }  # fmt: skip
    if is_many:
        made |= {"is_many": True, "rows": _rows([one for one in typed if one], more_rows)}
    return made


def _last(post: Mapping[str, Sequence[str]], name: str) -> str:
    values = post.get(name, [])
    return values[-1][:20] if values else ""


def _rows(items: Sequence[str], more: int) -> list[str]:
    """A row for each value, and empty ones: as many as asked for, or one to begin with."""
    shown = list(items[:MOST_ROWS])
    empty = more or (0 if shown else 1)
    return [*shown, *[""] * min(MOST_ROWS - len(shown), empty)]


def _frame(field: procedures.Field) -> dict[str, Any]:
    first = [one for one in field.options if one[0] in FIRST_COUNTRIES]
    first.sort(key=lambda one: FIRST_COUNTRIES.index(one[0]))
    return {
        "name": field.name,
        "id": f"f-{field.name}",
        "kind": field.kind,
        "label": field.label,
        "options": field.options,
        "first_options": first if field.kind == "country" else [],
        "unit": field.unit,
        "may_be_partial": field.may_be_partial,
        "chosen": [],
        "rows": [],
        "is_many": False,
        "error": "",
        "wrong_part": "",
    }
