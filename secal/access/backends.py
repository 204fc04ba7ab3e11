"""Django's session asks a backend for its user. There is no password to check: login is OpenID Connect."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from secal.access.models import User


class SessionOnlyBackend(BaseBackend):
    """Gives back the user of a session while that user is active; authenticates nobody."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
