"""Health for those who watch the machines: is it up, and do its servers answer. No data, no login."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from secal.office.screens import OPEN_TO_ALL, screen


@never_cache
@require_safe
@screen(OPEN_TO_ALL)
def health(request: HttpRequest) -> JsonResponse:
    """200 UP when both answer, 200 DEGRADED without the broker, 503 DOWN without the database."""
    checks = {"database": _database(), "broker": _broker()}
    if not checks["database"]:
        return JsonResponse({"status": "DOWN", "checks": checks}, status=503)
    return JsonResponse({"status": "UP" if checks["broker"] else "DEGRADED", "checks": checks})


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return False
    return True
