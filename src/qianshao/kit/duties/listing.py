"""The list of duties, its saved views, what is done to many rows at once, and its way out as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.accounts.models import Account
from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty, SavedView
from qianshao.core.files.names import content_disposition
from qianshao.core.ledger.models import Reveal
from qianshao.kernel.declare import Kind
from qianshao.kernel.figures import BadSelection, Condition, Selection
from qianshao.kernel.lamp import Lamp
from qianshao.kit import export, telling
from qianshao.kit.queries import figures, lists
from qianshao.kit.staff import StaffRequest

from . import doing, filters, titles
from .acts import units_on
from .asking import module_of, page, partial, selection_of

_VIEWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A duty on a list."""

    duty: Duty
    kind: Kind
    phase: str
    title: titles.Title


@dataclass(frozen=True, slots=True)
class Tab:
    """One lamp above the list, or all of them: the same list under that lamp."""

    lamp: str
    title: str
    query: str
    here: bool


@page
@require_GET
def show(request: StaffRequest) -> HttpResponseBase:
    """A page of the list; a piece of it when HTMX asks."""
    better = filters.canonical(request.GET, filters.today(request.now))
    if better is not None:
        return HttpResponseRedirect(f"{reverse('duties')}?{better}")
    found = context(request)
    template = "kit/duties/list_body.html" if partial(request) else "kit/duties/list.html"
    return render(request, template, found)


def context(request: StaffRequest) -> dict[str, Any]:
    """Everything a page of the list shows."""
    selection = selection_of(request)
    actor, now = request.actor, request.now
    sort = request.GET.get("sort") or lists.USUAL
    kinds = [kind for kind in registry.kinds().values() if actor.paths(kind.reads)]
    chosen = (
        registry.kinds()[selection.kind] if figures.kinds_of(selection, actor) and selection.kind else None
    )
    found = lists.page(selection, actor, now, sort=sort, after=request.GET.get("after", ""))
    number, exact = _count(request, selection)
    query = selection.to_query()
    extra = {name: request.GET[name] for name in ("from", "exact") if request.GET.get(name)}
    base = "&".join(part for part in (query, urlencode(extra)) if part)
    return {
        "selection": selection,
        "kinds": kinds,
        "kind": chosen,
        "moment": figures.moment_of(selection, now),
        "rows": rows(found.duties, request, selection),
        "after": found.after,
        "first": not request.GET.get("after"),
        "count": number,
        "count_exact": exact,
        "sort": sort,
        "sorts": _sorts(selection),
        "base": base,
        "query": query,
        "chips": filters.chips(selection, chosen),
        "filled": filters.filled(selection),
        "tabs": _tabs(selection),
        "channels": filters.channels(chosen),
        "units": units_on(request),
        "views": list(
            SavedView.objects.filter(account=cast(Account, request.user)).order_by("name")[:_VIEWS]
        ),
        "opening": doing.offers(doing.opening_acts(chosen, actor)) if chosen else [],
        "bulk": doing.offers(_bulk_acts(chosen, request)) if chosen and not selection.as_of else [],
        "may_export": any(may_export(kind, request) for kind in ([chosen] if chosen else kinds)),
    }


def _tabs(selection: Selection) -> list[Tab]:
    """Every lamp as a tab; none is marked where the list asks for several at once."""
    bare = selection.without("lamp")
    asked = [item for item in selection.where if item.field == "lamp"]
    chosen = asked[0].value if len(asked) == 1 and asked[0].op == "" else None
    return [
        Tab("", _("全部"), bare.to_query(), not asked),
        *(
            Tab(
                lamp.value,
                telling.lamp_title(lamp),
                bare.also(Condition("lamp", "", lamp.value)).to_query(),
                chosen == lamp.value,
            )
            for lamp in (Lamp.RED, Lamp.AMBER, Lamp.GREEN, Lamp.GREY, Lamp.DONE, Lamp.LATE)
        ),
    ]


def _sorts(selection: Selection) -> dict[str, str]:
    names = {
        "-opened": _("登记时间，新的在前"),
        "opened": _("登记时间，旧的在前"),
        "due": _("到期时间，先到期的在前"),
        "-closed": _("办结时间，新的在前"),
        "number": _("编号"),
    }
    return {key: names[key] for key in (lists.OF_THE_PAST if selection.as_of else names)}


def _bulk_acts(kind: Kind, request: StaffRequest) -> list[Any]:
    return [act for act in kind.acts if act.follows and act.evidence != "must" and request.actor.may(act.who)]


def _count(request: StaffRequest, selection: Selection) -> tuple[int, bool]:
    """Exact when it was asked for, or when the list stands behind a figure, whose value it has to equal."""
    if request.GET.get("from") or request.GET.get("exact"):
        return figures.count(selection, request.actor, request.now), True
    return lists.count(selection, request.actor, request.now)


def rows(duties: list[Duty], request: StaffRequest, selection: Selection) -> list[Row]:
    """Duties with what a reader may see of them, the same number of queries for one and for fifty."""
    now = figures.Moment(request.now, past=False)
    named = titles.titles(lists.with_units(duties, now), request.actor)
    moment = figures.moment_of(selection, request.now)
    shown = lists.with_units(duties, moment) if moment.past else duties
    kinds = registry.kinds()
    return [
        Row(duty, kinds[duty.kind], kinds[duty.kind].phase(duty.phase).title, named[duty.stream])
        for duty in shown
    ]


def may_export(kind: Kind, request: StaffRequest) -> bool:
    """Whether the actor may take out what they may see of a kind."""
    reach = request.actor.paths(f"{module_of(kind)}.export")
    return bool(reach) and all(path.startswith(reach) for path in request.actor.paths(kind.reads))


@page
@require_GET
def leave(request: StaffRequest) -> HttpResponseBase:
    """What the filter shows, as Excel or CSV; who took what out is kept beside who looked at what."""
    selection = selection_of(request)
    kinds = figures.kinds_of(selection, request.actor)
    for kind in kinds:
        if not may_export(kind, request):
            title = telling.sentence(kind.title)
            raise NotAllowed(_("没有导出“{kind}”的权限；请先按有权限的类型筛选。").format(kind=title))
    form = request.GET.get("format") or "xlsx"
    if form not in ("xlsx", *export.ENCODINGS):
        known = _("、").join(("xlsx", *export.ENCODINGS))
        raise BadSelection(
            _("“{name}”不能取“{value}”，可用：{known}").format(name="format", value=form, known=known)
        )
    sort = request.GET.get("sort") or lists.USUAL
    pages = lists.everything(selection, request.actor, request.now, sort=sort)
    table = (cells for duties in pages for cells in _cells(duties, request, selection))
    taken = f"export {form} {selection.to_query()}"
    Reveal.objects.create(
        at=request.now, actor=request.actor.key, stream="", sseq=0, fields="list", reason=taken[:500]
    )
    title = telling.sentence(kinds[0].title) if len(kinds) == 1 else _("事项")
    name = f"{title}-{filters.today(request.now):%Y%m%d}"
    return sent(name, title, _heading(), table, form)


def sent(
    name: str, title: str, heading: list[str], table: Iterator[list[export.Cell]], form: str
) -> HttpResponseBase:
    """A table as a download; one too long for Excel says so."""
    if form == "xlsx":
        try:
            file = export.workbook(title, heading, table)
        except export.TooManyRows as error:
            return HttpResponse(str(error), status=413, content_type="text/plain; charset=utf-8")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = FileResponse(file, content_type=kind)
        response["Content-Disposition"] = content_disposition(f"{name}.xlsx")
        return response
    encoding = cast(export.Encoding, form)
    charset = "utf-8" if encoding == "utf-8-sig" else encoding
    return StreamingHttpResponse(
        export.csv_bytes(heading, table, encoding),
        content_type=f"text/csv; charset={charset}",
        headers={"Content-Disposition": content_disposition(f"{name}.csv")},
    )


def _heading() -> list[str]:
    return [
        _("编号"),
        _("类型"),
        _("标题"),
        _("状态"),
        _("灯"),
        _("责任单位"),
        _("登记"),
        _("到期"),
        _("承诺时限"),
        _("办结"),
        _("首次逾期"),
        _("暂定"),
        _("地点"),
        _("类别"),
        _("渠道"),
        _("标识"),
    ]


def _cells(duties: list[Duty], request: StaffRequest, selection: Selection) -> Iterator[list[export.Cell]]:
    at = figures.moment_of(selection, request.now).at
    for row in rows(duties, request, selection):
        duty = row.duty
        yield [
            duty.number,
            telling.sentence(row.kind.title),
            # What a citizen wrote does not leave with a list, masked or not: a story can still tell who lived it.
            duty.topic if row.kind.sealed_title else row.title.text,
            telling.sentence(row.phase),
            telling.lamp_title(telling.lamp_of(duty, at)),
            duty.unit.name if duty.unit else "",
            duty.opened_at,
            telling.limit(duty.due_at),
            telling.limit(duty.promised_at),
            duty.closed_at,
            duty.missed_at,
            _("是") if duty.provisional else "",
            duty.place,
            duty.topic,
            filters.channels(row.kind).get(duty.channel, duty.channel),
            duty.stream,
        ]


@page
@require_POST
def views(request: StaffRequest) -> HttpResponseBase:
    """Keep the list's filters under a name, or forget a kept view."""
    if "forget" in request.POST:
        SavedView.objects.filter(account=cast(Account, request.user), name=request.POST["forget"]).delete()
        return HttpResponseRedirect(reverse("duties"))
    name = request.POST.get("name", "").strip()
    query = request.POST.get("query", "")[:2000]
    selection = Selection.from_query(query, figures.VOCABULARY, ignore=("sort",))
    where = f"{reverse('duties')}?{query}"
    if not 1 <= len(name) <= 60:
        messages.error(request, _("请为视图命名（最多 60 字）。"))
        return HttpResponseRedirect(where)
    if SavedView.objects.filter(account=cast(Account, request.user)).exclude(name=name).count() >= _VIEWS:
        messages.error(request, _("最多保存 {n} 个视图，请先删除不用的。").format(n=_VIEWS))
        return HttpResponseRedirect(where)
    figures.queryset(selection, request.actor, request.now)  # a view of a bad question is refused at once
    SavedView.objects.update_or_create(
        account=cast(Account, request.user), name=name, defaults={"query": query}
    )
    messages.success(request, _("已保存视图“{name}”。").format(name=name))
    return HttpResponseRedirect(where)
