"""What a page is asked: who asks, when, and errors turned into the pages a browser understands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import may_see
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Selection
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.kit.staff import StaffRequest

P = ParamSpec("P")
PASSED = ("after", "sort", "from", "exact", "format")


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]


def page(view: View[P]) -> View[P]:
    """A view whose refusals become 400 and 403 pages with the sentence of the error."""

    @wraps(view)
    def shown(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except BadSelection as error:
            raise BadRequest(telling.refusal(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return shown


def partial(request: HttpRequest) -> bool:
    """Whether a piece of the page is enough (HTMX)."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def selection_of(request: HttpRequest) -> Selection:
    """The selection in the address; raises ``BadSelection`` naming the parameter."""
    return Selection.from_query(request.META.get("QUERY_STRING", ""), figures.VOCABULARY, ignore=PASSED)


def duty_of(stream: str, actor: Actor) -> tuple[Duty, Kind]:
    """The duty and its kind; one the actor may not see is not there at all."""
    duty = Duty.objects.select_related("unit").filter(stream=stream).first()
    if duty is None or not may_see(duty, actor):
        raise Http404
    return duty, registry.kind(duty.kind)


def module_of(kind: Kind) -> str:
    """The module a kind belongs to, which begins the names of its capabilities."""
    return kind.key.partition(".")[0]
