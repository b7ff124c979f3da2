"""`/healthz`: the process answers. `/readyz`: it can serve, and what is missing if it cannot."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

# Name of what must be ready -> a check that returns "" or what is wrong with it.
_CHECKS: dict[str, Callable[[], str]] = {}


def ready_when(name: str, check: Callable[[], str]) -> None:
    """An app above adds what it needs to serve, for example an index that is built."""
    _CHECKS[name] = check


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    problems = {name: said for name, check in _checks().items() if (said := _ask(check))}
    return JsonResponse(
        {"ready": not problems, "problems": problems}, status=503 if problems else 200
    )


def _checks() -> dict[str, Callable[[], str]]:
    return {"database": _database, **_CHECKS}


def _ask(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # whatever breaks, the answer is "not ready", never a crash
        return type(error).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""
