"""A few pages like those of other rooms, to try the doors on, and the whole product behind them."""

from django.http import HttpResponse
from django.urls import include, path

from przystan.people.http import signed_in, staff_only


def who(request):
    actor = request.actor
    return HttpResponse(
        "|".join(
            [actor.role, actor.assurance, str(actor.office_id or ""), actor.session, actor.purpose]
        )
    )


def hello(request):
    return HttpResponse("hello")


urlpatterns = [
    path("who/", who, name="who"),
    path("try/desk/", staff_only("desk.enter")(hello), name="try_desk"),
    path("try/audit/", staff_only("audit.read")(hello), name="try_audit"),
    path("try/mine/", signed_in(hello), name="try_mine"),
    path("try/room/", hello, name="try_room"),
    path("", include("przystan.config.urls")),
]
handler429 = "przystan.people.views.too_many_requests"
