"""Tests: fixed throw-away secrets, and a database made afresh for each run (tests/conftest.py)."""

import os
import sys

if "pytest" in sys.modules:
    # Whatever started them: tests serve the office, and the portal where they say so. The programs that they
    # start are told which site they are.
    os.environ["SECAL_SITE"] = "office"

from secal.config.settings.base import *  # noqa: F403 - settings add to the base
from secal.config.settings.base import env

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
SECRET_KEY = "x" * 50
VAULT_KEK = "a2V5LWVuY3J5cHRpb24ta2V5LW9mLXRlc3RzLTMyYnk="
BLIND_INDEX_KEY = "YmxpbmQtaW5kZXgta2V5LW9mLXRlc3RzLTMyLWJ5dGU="
OFFICE_IBAN = "BE68539007547034"
OFFICE_BIC = "GKCCBEBB"
ONSS_IBAN = "BE43068999999501"
CONCESSIONAIRE_NAME = "Concession de démonstration SRL"
OIDC_ISSUER = env.str("OIDC_ISSUER", "http://127.0.0.1:1")
DEMO_BANNER = True
OIDC_LOOPBACK_ALLOWED = True
OIDC_CLIENT_SECRET = "secret-of-the-tests"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
