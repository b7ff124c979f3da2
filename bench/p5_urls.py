"""Addresses of the product, the peer's pages, and a view that does nothing."""

from django.http import HttpResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls

from przystan.config import urls

urlpatterns = [
    path("bare/", lambda request: HttpResponse("<p>bare</p>")),
    path("plain/", include(wagtail_urls)),
    *urls.urlpatterns,
]
