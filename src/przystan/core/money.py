"""Money is integer grosz; here it becomes words."""

from decimal import Decimal

from babel.numbers import format_decimal


def format_grosz(grosz: int, language: str) -> str:
    """`44000` as "440 zł", `10050` as "100,50 zł": the sign that offices write."""
    pattern = "#,##0.00" if grosz % 100 else "#,##0"
    number = format_decimal(Decimal(grosz) / 100, pattern, locale=language)
    return f"{number} zł"
