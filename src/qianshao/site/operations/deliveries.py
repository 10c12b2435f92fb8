"""For the keeper of the system: the channels, and how each notice fared on its way outside. No content, no address."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts.models import Account
from qianshao.core.notices import channels, outside, sorts
from qianshao.core.notices.models import Delivery
from qianshao.kernel.words import marked
from qianshao.kit.staff import StaffRequest

CAPABILITY = "system.channels"
STATES = {
    "waiting": marked("待发"),
    "sending": marked("发送中"),
    "sent": marked("已发"),
    "failed": marked("失败"),
    "uncertain": marked("不确定"),
    "needless": marked("已读免发"),
}
REASONS = {
    "": "",
    "unreachable": marked("渠道连接不上"),
    "refused": marked("渠道拒收"),
    "address": marked("没有可用的收件地址"),
    "error": marked("程序出错，见系统日志"),
    "died": marked("发送中进程两次中断，可能已送达"),
}
_SHOWN = 200


def _may(request: StaffRequest) -> None:
    if not request.actor.may(CAPABILITY):
        raise PermissionDenied(_("没有管理通知渠道的权限"))


@require_GET
def show(request: StaffRequest) -> HttpResponse:
    """The channels with their counts, and the last deliveries of one state or of all."""
    _may(request)
    refusal, known = "", {}
    try:
        known = channels.current().by_name
    except channels.BadChannels as error:
        refusal = str(error)
    counted: dict[str, dict[str, int]] = {}
    for row in Delivery.objects.order_by().values("channel", "state").annotate(n=Count("id")):
        counted.setdefault(row["channel"], {})[row["state"]] = row["n"]
    chosen = request.GET.get("state", "")
    rows = Delivery.objects.select_related("notice__account").order_by("-id")
    if chosen in STATES:
        rows = rows.filter(state=chosen)
    if request.GET.get("channel") in channels.TITLES:
        rows = rows.filter(channel=request.GET["channel"])
    context = {
        "refusal": refusal,
        "file": channels.path().name,
        "channels": [
            (
                name,
                title,
                name in known,
                [(s, STATES[s], n) for s, n in sorted(counted.get(name, {}).items())],
            )
            for name, title in channels.TITLES.items()
        ],
        "hints": channels.HINTS,
        "usable": [(name, channels.TITLES[name]) for name in known],
        "states": STATES,
        "chosen": chosen,
        "rows": [
            (
                row,
                channels.TITLES[row.channel],
                sorts.TITLES[row.notice.sort],
                STATES[row.state],
                REASONS[row.reason],
            )
            for row in rows[:_SHOWN]
        ],
        "shown": _SHOWN,
    }
    return render(request, "site/system/deliveries.html", context)


@require_POST
def retry(request: StaffRequest, number: int) -> HttpResponse:
    """Send a failed or uncertain one again."""
    _may(request)
    if outside.retry(number, request.now):
        messages.success(request, _("已重新排队，后台任务会在几秒内再发一次。"))
    else:
        messages.error(request, _("这条通知的状态已经变化，没有重发。"))
    return HttpResponseRedirect(reverse("deliveries"))


@require_POST
def test(request: StaffRequest) -> HttpResponse:
    """Send a word of trial through a channel to an address written here and kept nowhere."""
    _may(request)
    name, address = request.POST.get("channel", ""), request.POST.get("address", "").strip()
    try:
        known = channels.current().by_name
    except channels.BadChannels:
        known = {}
    if name not in known or not channels.well_formed(name, address):
        messages.error(request, _("请选择已配置的渠道，并填写正确的收件地址。"))
        return HttpResponseRedirect(reverse("deliveries"))
    reason = outside.trial(known[name], address, cast(Account, request.user).language)
    if reason:
        messages.error(request, _("试发失败：{reason}。").format(reason=_(REASONS[reason])))
    else:
        messages.success(request, _("渠道已收下试发消息，请在收件处确认。"))
    return HttpResponseRedirect(reverse("deliveries"))
