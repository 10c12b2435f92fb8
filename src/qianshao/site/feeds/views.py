"""One's calendars: make, revoke; and the file itself, for whoever holds its secret address."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts import queries
from qianshao.core.accounts.actor import NotAllowed, actor_of
from qianshao.core.accounts.models import Account
from qianshao.core.duties import calendars, registry
from qianshao.core.feeds import services
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.staff import StaffRequest

from . import building

_SEEN = timedelta(hours=1)


def show(request: StaffRequest) -> HttpResponse:
    """One's calendars; POST makes one and shows its address this once."""
    account = cast(Account, request.user)
    made, refusal = "", ""
    own = _own(account, request)
    if request.method == "POST":
        code = request.POST.get("unit", "")
        unit = next((unit for unit in own if unit.code == code), None)
        if code and unit is None:
            raise Http404
        try:
            token = services.make(
                account=account, unit=unit, holidays=request.POST.get("holidays") == "1", now=request.now
            )
            made = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
        except services.TooMany as error:
            refusal = str(error)
    feeds = account.feeds.filter(revoked_at=None).select_related("unit").order_by("id")
    context = {"feeds": feeds, "made": made, "refusal": refusal, "units": own}
    return render(request, "site/feeds/feeds.html", context, status=422 if refusal else 200)


@require_POST
def revoke(request: StaffRequest, number: int) -> HttpResponse:
    """End one of one's calendars."""
    if not services.revoke(account=cast(Account, request.user), feed=number, now=request.now):
        raise Http404
    messages.success(request, _("日历订阅已停用，原来的地址不再有效。"))
    return HttpResponseRedirect(reverse("feeds"))


def _own(account: Account, request: StaffRequest) -> list[Unit]:
    """The units one holds a role in today."""
    today = request.now.astimezone(SHANGHAI).date()
    grants = queries.grants_in_force(today).filter(account=account).select_related("unit").order_by("id")
    return list({grant.unit.pk: grant.unit for grant in grants}.values())


@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The file of a calendar, with what its account may see today; a wrong, revoked or locked one is not there."""
    now = timezone.now()
    feed = services.find(token, now)
    if feed is None:
        raise Http404
    today = now.astimezone(SHANGHAI).date()
    try:
        actor = actor_of(feed.account, registry.roles(), today)
    except NotAllowed:
        raise Http404 from None
    grants = queries.grants_in_force(today).filter(account=feed.account).select_related("unit")
    units = [grant.unit for grant in grants if feed.unit_id in (None, grant.unit_id)]
    if not units:
        raise Http404
    with calendars.held():
        duties = building.duties_of(actor, units)
        name = _("前哨 {unit}").format(unit=feed.unit.short if feed.unit else feed.account.person.name)
        language = feed.account.language
        tag = building.etag(duties, name, language, feed.holidays, today)
        given = parse_etags(request.headers.get("If-None-Match", ""))
        response: HttpResponse
        if tag in given or f"W/{tag}" in given:
            response = HttpResponseNotModified()
        else:
            body = building.build(
                duties, name=name, language=language, holidays=feed.holidays, now=now, seen=_SEEN
            )
            response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
            response.headers["Content-Disposition"] = 'inline; filename="qianshao.ics"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
