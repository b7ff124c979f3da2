"""Settings of the product with one app more: the peer's page. For bench/p5_portal_page.py."""

from przystan.config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "plain_page"]  # noqa: F405
ROOT_URLCONF = "p5_urls"
RATE_LIMIT_ADDRESS = RATE_LIMIT_SESSION = 10**9
EMBEDDINGS_BACKEND = "lexical"
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
LOGGING = {"level": "ERROR"}
