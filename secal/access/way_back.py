"""Where somebody who is sent to the door comes back to."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

SAFE = ("GET", "HEAD")


def page_of(request: HttpRequest) -> str:
    """The page asked for; after a sent form, the page that held it: many a form's own address is no page.
    Never another site's.
    """
    page = request.get_full_path() if request.method in SAFE else request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return page
    return reverse(settings.LOGIN_REDIRECT_URL)
