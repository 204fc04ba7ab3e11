"""Settings shared by every deployment. What a deployment may choose comes from environment variables."""

from pathlib import Path

from environs import Env
from psycopg.conninfo import conninfo_to_dict

from secal.config.schedule import BEAT_SCHEDULE
from secal.config.settings.sites import MIDDLEWARE as MIDDLEWARE
from secal.config.settings.sites import SITES
from secal.office.logs import logging_config

env = Env()
ROOT = Path(__file__).resolve().parents[3]
STATE_DIR = Path(env.str("SECAL_STATE_DIR", str(ROOT / "var")))


def database(url: str, **options: object) -> dict[str, object]:
    """One Django database from a libpq address, all of it: what it says of encryption counts too.

    Server-side binding keeps values out of the SQL text.
    """
    parts = conninfo_to_dict(url) if url else {}
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": parts.pop("dbname", "secal"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "secal",
            **parts,
            "options": f"{parts.get('options', '')} -c search_path=public,pg_temp".strip(),
            "server_side_binding": True,
            **options,
        },
    }


SITE = SITES[env.str("SECAL_SITE", "office")]
"""Which of the sites this process serves: the office, the bailiffs' portal, or none (the worker)."""

DATABASES = {
    "default": database(env.str(SITE.database, "")),
    "owner": database(env.str("OWNER_DATABASE_URL", "")),
    "door": database(env.str("DOOR_DATABASE_URL", "")),
    "eraser": database(env.str("ERASER_DATABASE_URL", "")),
    "watch": database(env.str("WATCH_DATABASE_URL", "")),
}
"""One database under several of its users, each with its own rights: the site's (default), the schema's
owner (migrations), the doors of both sites (sessions), the eraser (the retention job), the watch (reading the
security log). A process has only the addresses it needs."""
DATABASE_ROUTERS: list[str] = []
ADMIN_DATABASE_URL = env.str("ADMIN_DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")

SECRET_KEY = env.str("SECRET_KEY", "")
VAULT_KEK = env.str("VAULT_KEK", "")
"""Base64 of the 32-byte key that wraps every data key. Production takes it from a key service."""
VAULT_KEK_VERSION = env.int("VAULT_KEK_VERSION", 1)
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", "")
"""Base64 of the 32-byte root of the keyed blind indexes."""

INSTALLED_APPS = [
    "secal.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.forms",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "simple_history",
    "guardian",
    "auditlog",
    "secal.vault",
    "audit.log",
    "secal.access",
    "secal.office",
    "secal.people",
    "secal.ledger",
    "secal.cases",
    "secal.files",
    "secal.advances",
    "secal.sources",
    "secal.solvency",
    "secal.register",
    "recovery.cases",
    "recovery.arrears",
    "recovery.enforcement",
    "recovery.portal",
    "recovery.chamber",
    "audit.retention",
    "audit.console",
]

ROOT_URLCONF = SITE.urls
WSGI_APPLICATION = "secal.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "secal.office.context.office",
            ],
        },
    }
]

AUTH_USER_MODEL = "access.User"
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
"""No backend of guardian: object permissions are asked inside the selectors' queries."""
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
AUTHENTICATION_BACKENDS: list[str] = []
"""Nobody logs in through Django: a seat is opened by the door, after the identity provider's answer."""
LOGIN_URL = "access:login"
LOGIN_REDIRECT_URL = SITE.home
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
"""For the question to the identity provider and a message until the next page: never for who sits there."""
SESSION_COOKIE_NAME = SITE.cookie("session")
CSRF_COOKIE_NAME = SITE.cookie("csrf")
SEAT_COOKIE_NAME = SITE.cookie("seat")
SESSION_COOKIE_AGE = SITE.session_seconds
SESSION_IDLE_SECONDS = 15 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "secal.office.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", SITE.client)
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_SCOPE = env.str("OIDC_SCOPE", "openid")
"""What is asked of the provider: it must make the ID token carry the national number (egovNRN)."""
OIDC_ACR = env.str("OIDC_ACR", "urn:be:fedict:iam:fas:Level500")
"""The assurance level that proves the identity card was used."""
OIDC_MAX_AGE = env.int("OIDC_MAX_AGE", 300)
"""Seconds since the identity card was last used, at most, when a session opens."""
OIDC_LOOPBACK_ALLOWED = False
"""Whether a provider without encryption is accepted on this very machine: demonstration and tests only."""

EID_DOOR = env.str("EID_DOOR", "")
"""The unix socket at which the proxy of the second door hands over the certificate of the identity card.
Empty: there is no second door."""
EID_ADDRESS = env.str("EID_ADDRESS", "")
"""The https address of the host name at which that proxy asks for the card."""
EID_ROOTS = env.str("EID_ROOTS", "")
EID_ISSUERS = env.str("EID_ISSUERS", "")
"""Files of certificates (PEM): the roots that we trust, and the authorities under them that issue cards."""
EID_REVOCATIONS = env.str("EID_REVOCATIONS", "")
"""The folder with the revocation lists of all of them, fetched by another program at least once a day."""
EID_POLICIES: list[str] = env.list("EID_POLICIES", default=[])
"""The certificate policies (dotted numbers) of authentication certificates of cards."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
"""Papers and statements stay in memory until they are sealed: no temporary file ever holds them in clear."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "secal",
    }
}
"""Counters (how often somebody searched this minute) and the questions of both sites to the identity
provider; nothing about anybody's file."""

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_DB_REUSE_MAX = 1000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "celerybeat-schedule")
CELERY_TIMEZONE = TIME_ZONE

JOB_ROWS_A_STEP = env.int("JOB_ROWS_A_STEP", 500)
"""How many rows a background job commits at a time: what is lost when its worker dies."""
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
"""How long a worker may be silent before its job is given to another."""

KEY_BACKUP_DAYS = env.int("KEY_BACKUP_DAYS", 7)
BACKUP_DAYS = env.int("BACKUP_DAYS", 42)
"""How long backups of the key store, and of the rest, are kept: a certificate of erasure says until when."""

BANK_URL = env.str("BANK_URL", "")
"""Where payment files go and reports come from; in demo and tests the bank stand-in's address."""
CHAMBER_URL = env.str("CHAMBER_URL", "")
"""Where the National Chamber of bailiffs publishes its list of users; "" when it comes as a file."""
CHAMBER_ISSUER = env.str("CHAMBER_ISSUER", "")
CHAMBER_KEYS = env.json("CHAMBER_KEYS", {"keys": []})
"""JWK set of the Chamber's public keys, each with `kid`, `valid_from` and `valid_until`."""
CHAMBER_CLIENT_CERTIFICATE = env.str("CHAMBER_CLIENT_CERTIFICATE", "")
"""File (PEM, key included) with which we prove to the Chamber who asks."""
OFFICE_IBAN = env.str("OFFICE_IBAN", "")
OFFICE_NAME = env.str("OFFICE_NAME", "SPF Finances - SECAL")
OFFICE_BIC = env.str("OFFICE_BIC", "")
ONSS_IBAN = env.str("ONSS_IBAN", "")
ONSS_NAME = env.str("ONSS_NAME", "Office national de sécurité sociale")
ONSS_ADDRESS = env.list("ONSS_ADDRESS", default=["Place Victor Horta 11", "1060 Bruxelles"])
"""Where registered contests of a formal notice go, line by line."""
CONCESSIONAIRE_NAME = env.str("CONCESSIONAIRE_NAME", "")
"""The concessionaire: processor, of which the ONSS is the controller (17/006 §14)."""

VERSION = "0.1.0"
DEMO_BANNER = False
LOGGING = logging_config(as_json=env.bool("LOG_JSON", True))
