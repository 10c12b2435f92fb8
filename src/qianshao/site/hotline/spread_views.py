"""The page of where and when calls come."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.kernel.figures import BadSelection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.duties.asking import page
from qianshao.kit.staff import StaffRequest

from . import spans, spread
from .views import reader_of

_BACK = 364


@page
@require_GET
def show(request: StaffRequest) -> HttpResponseBase:
    """The map of districts and the calendar of days, each with its table."""
    reader = reader_of(request)
    asked = _asked(request)
    found = {"asked": asked, "span": asked.span, "spread": spread.gather(reader, asked), "shows": _shows()}
    return render(request, "site/hotline/spread.html", found)


def _shows() -> tuple[tuple[str, str], ...]:
    return (("orders", _("件数")), ("heat", _("热度")), ("rise", _("本周是预期的几倍")))


def _asked(request: StaffRequest) -> spread.Asked:
    today = request.now.astimezone(SHANGHAI).date()
    given = {
        name: request.GET.get(name, "").strip() for name in ("since", "until", "topic", "district", "show")
    }
    until = spans.asked("", given["until"], today).until
    since = given["since"] or (until - timedelta(days=_BACK)).isoformat()
    show = given["show"] or "orders"
    if show not in spread.SHOWS:
        raise BadSelection(_("“{name}”可用：{known}").format(name="show", known=_("、").join(spread.SHOWS)))
    if "\x00" in given["topic"]:
        raise BadSelection(_("“{name}”含有不能识别的字符").format(name="topic"))
    return spread.Asked(
        spans.asked(since, until.isoformat(), today), given["topic"][:60], given["district"], show
    )
