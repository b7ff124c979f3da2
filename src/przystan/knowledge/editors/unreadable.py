"""Forms that Wagtail cannot read: answered with 400 and a sentence, where it would break off.

Wagtail takes the hidden fields of its own forms for granted: a StreamField without its count, a
position that is no number or a page that is none end in an exception. Nothing of the request is
kept then. Errors in code of ours, or of any other kind, stay what they are: faults of the server.
"""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch

from przystan.core import logs
from przystan.core.middleware import bad_request
from przystan.knowledge.editors import trail

# What reading a field ends in.
UNREADABLE: Final = (
    AttributeError,  # nothing, or JSON of another kind
    DataError,  # JSON that the database does not take, such as NaN
    IntegrityError,
    LookupError,  # absent
    NoReverseMatch,  # an address made of what is no number
    ObjectDoesNotExist,  # no such page
    OverflowError,  # too large for the database
    RecursionError,  # JSON as deep as no form is
    TypeError,  # JSON of another kind
    ValidationError,  # too long for the model
    ValueError,  # no number, no JSON, no UTF-8
)
_LOG = logs.get(__name__)
# Wrapped around Wagtail's views: their being on the way to an error says nothing about it.
_AROUND: Final = frozenset({__name__, trail.__name__})


def answered(
    view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    """The view's answer, rendered; or the page for a request that could not be read."""
    try:
        response = trail.watched(view, request, *args, **kwargs)
        # A list is read from the database, by the address's own numbers, as late as this.
        return response.render() if hasattr(response, "render") else response
    except UNREADABLE as error:
        if _is_ours(error):
            raise
        # With its place: should a form be right and the error be Wagtail's, it is found here.
        _LOG.warning("editors.unreadable", kind=type(error).__name__, place=_place(error))
        return bad_request(request, error)


def _is_ours(error: Exception) -> bool:
    modules = {frame.tb_frame.f_globals.get("__name__", "") for frame in _frames(error)}
    return any(name.startswith("przystan.") for name in modules - _AROUND)


def _place(error: Exception) -> str:
    """Where in Wagtail it was, as module and line."""
    places = [f"{one.tb_frame.f_globals.get('__name__')}:{one.tb_lineno}" for one in _frames(error)]
    return next((place for place in reversed(places) if place.startswith("wagtail.")), places[-1])


def _frames(error: Exception) -> Iterator[TracebackType]:
    frame = error.__traceback__
    while frame is not None:
        yield frame
        frame = frame.tb_next
