"""The ASGI entry for an asynchronous server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secal.config.settings.production")
application = get_asgi_application()
