"""Production: every secret and address from the environment; starting without one of them is refused."""

from secal.config.settings.base import *  # noqa: F403 - settings add to the base
from secal.config.settings.base import SITE, env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
VAULT_KEK = env.str("VAULT_KEK")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
env.str(SITE.database)
if SITE.database != "WORKER_DATABASE_URL":
    env.str("DOOR_DATABASE_URL")
OIDC_ISSUER = env.str("OIDC_ISSUER")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET")
OFFICE_IBAN = env.str("OFFICE_IBAN")
OFFICE_BIC = env.str("OFFICE_BIC")
BANK_URL = env.str("BANK_URL")
ONSS_IBAN = env.str("ONSS_IBAN")
CONCESSIONAIRE_NAME = env.str("CONCESSIONAIRE_NAME")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = f"__Host-{SITE.cookie('session')}"
SEAT_COOKIE_NAME = f"__Host-{SITE.cookie('seat')}"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = f"__Host-{SITE.cookie('csrf')}"
LANGUAGE_COOKIE_SECURE = True
