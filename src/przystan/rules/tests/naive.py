"""The language once more: slow, obvious, for known values only, sharing nothing but the parser.

Dates are counted day by day, lists are Python lists of mappings, a period is (unit, number).
What an unknown may come to is found by trying values for it.
"""

from datetime import date, timedelta
from fractions import Fraction

import holidays

from przystan.rules.syntax import (
    Binary,
    Call,
    Choose,
    Literal,
    Member,
    Method,
    Name,
    Sequence,
    Unary,
)

ONE = timedelta(days=1)


def value(node, facts):
    """The value of an expression whose names are all known."""
    match node:
        case Literal(known):
            return known
        case Name(id):
            return facts[id]
        case Member(target, field):
            return value(target, facts)[field]
        case Unary("!", operand):
            return not value(operand, facts)
        case Unary("-", operand):
            return times(value(operand, facts), -1)
        case Binary("in", left, Sequence(items)):
            return any(value(left, facts) == value(item, facts) for item in items)
        case Binary("in", left, right):
            return value(left, facts) in value(right, facts)
        case Binary(sign, left, right):
            return binary(sign, value(left, facts), value(right, facts))
        case Choose(condition, then, otherwise):
            return value(then if value(condition, facts) else otherwise, facts)
        case Call(name, arguments):
            return call(name, [value(argument, facts) for argument in arguments])
        case Method(target, name, arguments):
            return macro(value(target, facts), name, arguments, facts)
    raise TypeError(node)


def binary(sign, left, right):
    match sign:
        case "&&":
            return left and right
        case "||":
            return left or right
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "+":
            return plus(left, right)
        case "-":
            if isinstance(left, date) and isinstance(right, date):
                return ("days", (left - right).days)
            return plus(left, times(right, -1))
        case "*":
            return times(left, right)
        case "/":
            return Fraction(left) / right
    raise TypeError(sign)


def plus(left, right):
    if isinstance(left, date):
        unit, number = right
        return left + timedelta(days=number) if unit == "days" else months_on(left, number)
    if isinstance(left, tuple):
        return (left[0], left[1] + right[1])
    return left + right


def times(left, right):
    if isinstance(left, tuple):
        return (left[0], left[1] * right)
    if isinstance(right, tuple):
        return (right[0], right[1] * left)
    return left * right


def months_on(day, number):
    step = 1 if number >= 0 else -1
    year, month = day.year, day.month
    for _ in range(abs(number)):
        month += step
        if month in (0, 13):
            year, month = year + step, 12 if month == 0 else 1
    for number_of_day in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(number_of_day, day.day))
        except ValueError:
            continue
    raise ValueError(day)


def full_months(start, end):
    number = 0
    while months_on(start, number + 1) <= end:
        number += 1
    while months_on(start, number) > end:
        number -= 1
    return number


FREE = set(holidays.country_holidays("PL", years=range(1995, 2090)))


def works(day):
    return day.weekday() < 5 and day not in FREE


def call(name, arguments):
    match name, arguments:
        case "date", [str() as text]:
            return date.fromisoformat(text)
        case "date", [year, month, day]:
            return date(year, month, day)
        case "pln", [amount]:
            return int(amount * 100)
        case "years", [number]:
            return ("months", 12 * number)
        case "weeks", [number]:
            return ("days", 7 * number)
        case ("months" | "days") as unit, [number]:
            return (unit, number)
        case "age" | "years_between", [start, end]:
            return full_months(start, end) // 12
        case "months_between", [start, end]:
            return full_months(start, end)
        case "days_between", [start, end]:
            return (end - start).days
        case "working_days_between", [start, end]:
            if end < start:
                return -call(name, [end, start])
            return sum(works(start + timedelta(n)) for n in range(1, (end - start).days + 1))
        case "add_working_days", [day, number]:
            step = ONE if number >= 0 else -ONE
            while number:
                day += step
                number -= works(day) * (1 if step == ONE else -1)
            return day
        case "next_working_day", [day]:
            while not works(day):
                day += ONE
            return day
        case "is_working_day", [day]:
            return works(day)
        case "term_end", [event, period]:
            end = plus(event, period)
            while end.weekday() >= 5 or end in FREE:
                end += ONE
            return end
        case "year", [day]:
            return day.year
        case "rounded", [grosz]:
            whole = int(abs(grosz) + Fraction(1, 2))
            return whole if grosz >= 0 else -whole
        case "min", several:
            return min(several)
        case "max", several:
            return max(several)
        case "size", [items]:
            return len(items)
        case "days_present", [stays, day, window]:
            return len(inside(stays) & {day - timedelta(n) for n in range(window)})
        case "last_legal_day", [stays, entry, limit, window]:
            days = inside([stay for stay in stays if stay["entry"] < entry])
            day = entry
            while True:
                days.add(day)
                if len(days & {day - timedelta(n) for n in range(window)}) > limit:
                    return day - ONE
                day += ONE
    raise TypeError(name)


def inside(stays):
    return {
        stay["entry"] + timedelta(n)
        for stay in stays
        for n in range((stay["exit"] - stay["entry"]).days + 1)
    }


def macro(target, name, arguments, facts):
    if name == "startsWith":
        return target.startswith(value(arguments[0], facts))
    if name == "size":
        return len(target)
    variable, body, *rest = arguments
    found = [value(body, facts | {variable.id: item}) for item in target]
    match name:
        case "exists":
            return any(found)
        case "all":
            return all(found)
        case "filter":
            return [item for item, holds in zip(target, found, strict=True) if holds]
        case "count":
            return sum(found)
        case "sum":
            if found and isinstance(found[0], tuple):
                return (found[0][0], sum(number for _, number in found))
            return sum(found)
        case "min" | "max":
            pick = min if name == "min" else max
            return pick(found) if found else value(rest[0], facts)
    raise TypeError(name)
