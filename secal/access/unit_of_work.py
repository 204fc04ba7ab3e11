"""The one place that opens a transaction: for a web request, a job or a command.

Everything between is one transaction. A refusal undoes what was written before it, leaves its own row in
the security log, and commits that row before the answer leaves. An error undoes everything.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from audit.log import events as log
from secal.access import seats, selectors
from secal.access.actors import Actor, service_actor, set_actor
from secal.access.errors import Refused
from secal.access.seats import OUTSIDE
from secal.vault.keystore import keys_remembered

Taking = Callable[[], AbstractContextManager[None]]
"""How the actor takes their place in a transaction, so that the database knows them too."""


@contextmanager
def unit_of_work(actor: Actor, taking: Taking, *, request: str = "") -> Iterator[None]:
    """One transaction for a job, a command or a test, with `actor` at work.

    A Refused raised inside is logged in a transaction of its own, and goes on up.
    """
    with set_actor(actor, request=request or uuid.uuid4().hex):
        try:
            with transaction.atomic(), taking(), keys_remembered():
                yield
        except Refused as refusal:
            with transaction.atomic(), taking():
                log_refusal(refusal)
            raise


@contextmanager
def service_work(name: str) -> Iterator[None]:
    """A unit of work under a named service identity (background jobs)."""
    with unit_of_work(service_actor(name), lambda: seats.at_work_as_service(name)):
        yield


@contextmanager
def acting_as(user_id: uuid.UUID) -> Iterator[None]:
    """A unit of work as a user (the demonstration's past, tests). Raises Refused for a user who may not
    work."""
    with unit_of_work(selectors.actor_of(user_id), lambda: seats.at_work_as(user_id)):
        yield


def log_refusal(refusal: Refused) -> None:
    log.record_refusal(refusal.act, reason=refusal.reason, subject=refusal.subject, file=refusal.file)


class UnitOfWorkMiddleware:
    """The transaction of a request, from the first read of its session to the last byte rendered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        with transaction.atomic(), keys_remembered():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class ActorMiddleware:
    """Who acts in this request; and what a failing view leaves behind: nothing but its refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OUTSIDE):
            return self.get_response(request)
        with ExitStack() as stack:
            actor = (
                selectors.admitted(selectors.actor_or_none(request.user.pk))
                if request.user.is_authenticated
                else None
            )
            if request.user.is_authenticated and actor is None:
                request.user = selectors.anonymous()
            request.actor = actor  # type: ignore[attr-defined]
            if actor is not None:
                stack.enter_context(set_actor(actor, request=uuid.uuid4().hex))
            request._savepoint = transaction.savepoint()  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Undo the view's writes; keep the row that says somebody was refused."""
        if not hasattr(request, "_savepoint"):
            return
        # A save that failed marks the whole transaction as broken; back at the savepoint it is whole.
        transaction.set_rollback(False)
        transaction.savepoint_rollback(request._savepoint)
        if isinstance(exception, Refused):
            log_refusal(exception)
            if exception.hidden:
                raise Http404 from exception
        elif isinstance(exception, PermissionDenied):
            log.record_refusal("request", reason="permission_denied")
