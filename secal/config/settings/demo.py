"""The demonstration: everything on loopback, secrets made once and kept in the state folder."""

from secal.config.settings.base import *  # noqa: F403 - settings add to the base
from secal.config.settings.base import STATE_DIR, env
from secal.config.settings.local_secrets import local_secret
from secal.office.logs import logging_config

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = env.str("SECRET_KEY", "") or local_secret(STATE_DIR, "secret_key")
VAULT_KEK = env.str("VAULT_KEK", "") or local_secret(STATE_DIR, "vault_kek")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", "") or local_secret(STATE_DIR, "blind_index_key")
OFFICE_IBAN = env.str("OFFICE_IBAN", "BE68539007547034")
OFFICE_BIC = env.str("OFFICE_BIC", "GKCCBEBB")
ONSS_IBAN = env.str("ONSS_IBAN", "BE43068999999501")
CONCESSIONAIRE_NAME = env.str("CONCESSIONAIRE_NAME", "Concession de démonstration SRL")
DEMO_BANNER = True
OIDC_LOOPBACK_ALLOWED = True
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "") or local_secret(STATE_DIR, "oidc_client_secret")
LOGGING = logging_config(as_json=env.bool("LOG_JSON", False))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
