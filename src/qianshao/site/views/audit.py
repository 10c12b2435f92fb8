"""The audit trail as its administrator reads it: filtered, page by page, and taken out; every look leaves a line itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianshao.core.accounts import trail
from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.accounts.models import Account, Trail
from qianshao.kernel.figures import BadSelection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import export as tables
from qianshao.kit.duties.listing import sent
from qianshao.kit.staff import StaffRequest

_PAGE = 100
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter of the page."""

    since: date
    until: date
    act: str
    who: str
    refused: bool
    before: int


def acts() -> dict[str, str]:
    """What the trail tells of, in words; an act it has no word for is shown by its name."""
    return {
        "SignedIn": _("登录"),
        "SignedOut": _("退出"),
        "SignInRefused": _("登录失败"),
        "SessionsEnded": _("退出其他登录"),
        "Denied": _("访问被拒"),
        "Exported": _("导出文件"),
        "Revealed": _("查看完整内容"),
        "TrailRead": _("查阅审计记录"),
        "AccountOpened": _("开设账号"),
        "AccountLocked": _("停用账号"),
        "AccountUnlocked": _("恢复账号"),
        "AccountClosed": _("注销账号"),
        "PasswordReset": _("重置密码"),
        "PasswordChanged": _("修改密码"),
        "SecondFactorChanged": _("修改第二步验证"),
        "SecondFactorForgotten": _("清除第二步验证"),
        "IdentityLinked": _("绑定统一身份"),
        "IdentityUnlinked": _("解除统一身份"),
        "RoleGranted": _("授予角色"),
        "RoleRevoked": _("收回角色"),
        "RoleProposed": _("提出授予管理员角色"),
        "ProposalDeclined": _("撤下提议"),
        "TokenMade": _("新建令牌"),
        "TokenRevoked": _("撤销令牌"),
    }


@require_GET
def show(request: StaffRequest) -> HttpResponse:
    """A page of the trail, newest first."""
    asked = _asked(request)
    rows = list(_rows(asked)[: _PAGE + 1])
    _told(request, asked)
    names = _names(rows)
    titles = acts()
    why = trail.reasons(rows)
    context = {
        "rows": [
            (
                row,
                titles.get(row.act, row.act),
                names.get(row.actor, row.actor),
                row.reason or why.get(row.pk, ""),
            )
            for row in rows[:_PAGE]
        ],
        "after": rows[_PAGE - 1].pk if len(rows) > _PAGE else None,
        "asked": asked,
        "acts": titles,
        "query": _query(request),
    }
    return render(request, "site/audit.html", context)


@require_GET
def export(request: StaffRequest) -> HttpResponseBase:
    """What the filter shows, as Excel or CSV."""
    asked = _asked(request)
    form = request.GET.get("format") or "xlsx"
    if form not in ("xlsx", *tables.ENCODINGS):
        known = _("、").join(("xlsx", *tables.ENCODINGS))
        raise BadSelection(
            _("“{name}”不能取“{value}”，可用：{known}").format(name="format", value=form, known=known)
        )
    title = _("审计记录")
    heading = [
        _("时间"), _("账号"), _("单位"), _("职务"), _("行为"), _("对象"), _("结果"), _("理由"), _("来源地址"),
    ]  # fmt: skip
    name = f"{title}-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}"
    return sent(name, title, heading, _cells(asked), form)


def _cells(asked: Asked) -> Iterator[list[tables.Cell]]:
    titles = acts()
    logins = {f"account:{pk}": login for pk, login in Account.objects.values_list("pk", "login")}
    rows = _rows(asked).iterator(chunk_size=1000)
    while piece := list(islice(rows, 1000)):
        why = trail.reasons(piece)
        for row in piece:
            yield [
                f"{row.at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S%z}",
                logins.get(row.actor, row.actor),
                row.unit,
                row.post,
                titles.get(row.act, row.act),
                row.about,
                _("成功") if row.allowed else _("被拒"),
                row.reason or why.get(row.pk, ""),
                row.address,
            ]


def _enter(request: StaffRequest) -> None:
    if not request.actor.may("audit.read"):
        raise NotAllowed(_("没有查阅审计记录的权限"))


def _asked(request: StaffRequest) -> Asked:
    _enter(request)
    today = request.now.astimezone(SHANGHAI).date()
    since = _day(request, "since") or today - timedelta(days=_DAYS)
    until = _day(request, "until") or today
    before = request.GET.get("before", "")
    return Asked(
        since=since,
        until=until,
        act=request.GET.get("act", "")[:60],
        who=request.GET.get("who", "").strip()[:60],
        refused=request.GET.get("refused") == "1",
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0,
    )


def _day(request: StaffRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadSelection(_("日期“{day}”无法识别，请写成 2025-10-29。").format(day=text[:20])) from None


def _rows(asked: Asked) -> QuerySet[Trail]:
    rows = Trail.objects.filter(
        at__gte=datetime.combine(asked.since, time(), SHANGHAI),
        at__lt=datetime.combine(asked.until, time(), SHANGHAI) + timedelta(days=1),
    ).order_by("-pk")
    if asked.act:
        rows = rows.filter(act=asked.act)
    if asked.refused:
        rows = rows.filter(allowed=False)
    if asked.who:
        matching = Account.objects.filter(login=asked.who.lower()) | Account.objects.filter(
            person__name=asked.who
        )
        keys = [f"account:{pk}" for pk in matching.values_list("pk", flat=True)]
        rows = rows.filter(actor__in=[*keys, asked.who])
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    return rows


def _told(request: StaffRequest, asked: Asked) -> None:
    about = f"{asked.since} {asked.until} act={asked.act} refused={int(asked.refused)} before={asked.before}"
    trail.tell(trail.READ, request.actor, request.now, about)


def _names(rows: list[Trail]) -> dict[str, str]:
    numbers = {
        int(row.actor[8:]) for row in rows if row.actor.startswith("account:") and row.actor[8:].isdigit()
    }
    found = Account.objects.select_related("person").filter(pk__in=numbers)
    return {
        f"account:{one.pk}": _("{name}（{login}）").format(name=one.person.name, login=one.login)
        for one in found
    }


def _query(request: StaffRequest) -> str:
    asked = request.GET.copy()
    for name in ("before", "format"):
        asked.pop(name, None)
    return asked.urlencode()
