"""Every address of the product, room by room."""

from django.urls import include, path

from przystan.core import health, middleware
from przystan.web.api.v1 import api

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", api.urls),
    path("account/", include("przystan.people.urls")),
    path("editors/", include("przystan.knowledge.editors.urls")),
    path("", include("przystan.web.urls")),
]

handler400 = middleware.bad_request
handler403 = middleware.permission_denied
handler404 = middleware.not_found
handler429 = "przystan.people.views.too_many_requests"
handler500 = middleware.server_error
