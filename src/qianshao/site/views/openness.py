"""The board of openness under supervision, and its monthly bulletin as a file."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.duties import registry
from qianshao.kernel.figures import BadSelection, as_of_moment
from qianshao.kit.counted_paper import DOCX
from qianshao.kit.staff import StaffRequest
from qianshao.site.oversight import bulletin as bulletins
from qianshao.site.oversight import figures

_READ = "openness.read"


def show(request: StaffRequest) -> HttpResponse:
    """The page for whoever may read openness: only what they may see is counted."""
    reader = _reader(request)
    chosen = request.GET.get("rate", "")
    item = figures.indicator(chosen if chosen in figures.RATES else figures.RATES[0])
    of_days, of_units = figures.coming(reader)
    cards = figures.cards(reader)
    ranking = figures.ranking(item, reader)
    context = {
        "as_of": reader.as_of,
        "moment": reader.at,
        "month": f"{reader.on:%Y-%m}",
        "rates": figures.timeliness(reader),
        "chosen": item,
        "ranking": ranking,
        "median": figures.median(ranking),
        "months": figures.by_month(item, reader),
        "channels": figures.by_channel(item, reader),
        "kinds": [registry.kind(key).title for key in figures.KINDS],
        "days": of_days,
        "units": of_units,
        "overdue": figures.overdue(reader),
        "cards": cards,
        "levels": figures.GRAVEST_FIRST,
        "given": figures.cards_given(
            reader,
            reader.on.replace(month=1, day=1),
            reader.on.replace(year=reader.on.year + 1, month=1, day=1),
        ),
    }
    return render(request, "site/openness.html", context)


def _reader(request: StaffRequest) -> figures.Reader:
    if not request.actor.may(_READ):
        raise NotAllowed(_("没有查看政务公开的权限"))
    asked = request.GET.get("as_of", "")
    try:
        past = bool(asked) and as_of_moment(asked) < request.now
    except (ValueError, OverflowError):
        raise BadSelection(_("“截至”须为日期，例如 2026-01-31。")) from None
    if past and not as_of_moment(asked).year >= 1901:
        raise BadSelection(_("“{name}”的年份超出范围").format(name="as_of"))
    return figures.Reader(request.actor, request.now, asked if past else "")


def bulletin(request: StaffRequest) -> HttpResponse:
    """The bulletin of a month as a .docx, of what the reader may see."""
    if not request.actor.may(_READ):
        raise NotAllowed(_("没有查看政务公开的权限"))
    reader = figures.Reader(request.actor, request.now)
    try:
        month = bulletins.month_of(request.GET.get("month", ""), reader)
    except ValueError as error:
        raise BadSelection(str(error)) from None
    made = bulletins.write(month, reader, site=request.build_absolute_uri("/"))
    response = HttpResponse(made, content_type=DOCX)
    name = quote(_("政务公开监察月报-{month}").format(month=f"{month:%Y-%m}"))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.docx"
    return response
