"""For the keeper of the system: which other systems are told of facts, and how each call fared."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.duties import registry
from qianshao.core.hooks import keeping
from qianshao.core.hooks.models import Call, Hook
from qianshao.kernel.words import marked
from qianshao.kit.staff import StaffRequest

REASONS = {
    "": "",
    "timeout": marked("超时"),
    "unreachable": marked("连接不上"),
    "refused": marked("对方拒收"),
    "redirect": marked("对方跳转（不跟随）"),
    "gone": marked("对方已停用（410）"),
    "forbidden": marked("地址不允许访问"),
    "secret": marked("密钥无法读取，请更换密钥"),
}
STATES = {
    "waiting": marked("待发"),
    "sending": marked("发送中"),
    "sent": marked("已发"),
    "failed": marked("失败"),
}
_SHOWN = 100


def _may(request: StaffRequest) -> None:
    if not request.actor.may(keeping.KEEP):
        raise PermissionDenied(_("没有管理数据推送的权限"))


def show(request: StaffRequest) -> HttpResponse:
    """All hooks; POST registers one and shows its secret this once."""
    _may(request)
    refusal, shown = "", ("", "")
    if request.method == "POST":
        try:
            hook, secret = keeping.add(
                name=request.POST.get("name", ""),
                url=request.POST.get("url", ""),
                kinds=request.POST.getlist("kinds"),
                facts=request.POST.get("facts", "").split(),
                actor=request.actor,
                now=request.now,
            )
            shown = (hook.name, secret)
        except keeping.BadHook as error:
            refusal = str(error)
    return _page(request, refusal, shown)


def _page(request: StaffRequest, refusal: str, shown: tuple[str, str]) -> HttpResponse:
    counted: dict[int, dict[str, int]] = {}
    for row in Call.objects.order_by().values("hook", "state").annotate(n=Count("id")):
        counted.setdefault(row["hook"], {})[row["state"]] = row["n"]
    kept = request.POST if refusal else {}
    context = {
        "refusal": refusal,
        "name": shown[0],
        "secret": shown[1],
        "kept_name": kept.get("name", ""),
        "kept_url": kept.get("url", ""),
        "kept_facts": kept.get("facts", ""),
        "chosen": request.POST.getlist("kinds") if refusal else [],
        "kinds": [(kind.key, kind.title) for kind in registry.kinds().values()],
        "rows": [
            (
                hook,
                urlsplit(hook.url).hostname,
                [registry.kinds()[key].title for key in hook.kinds if key in registry.kinds()],
                [(STATES[state], n) for state, n in sorted(counted.get(hook.pk, {}).items())],
            )
            for hook in Hook.objects.order_by("id")
        ],
    }
    return render(request, "site/system/hooks.html", context, status=422 if refusal else 200)


@require_GET
def calls(request: StaffRequest, number: int) -> HttpResponse:
    """The last calls of a hook."""
    _may(request)
    hook = get_object_or_404(Hook, pk=number)
    rows = hook.calls.order_by("-seq")[:_SHOWN]
    context = {
        "hook": hook,
        "host": urlsplit(hook.url).hostname,
        "shown": _SHOWN,
        "rows": [
            (row, registry.kind(row.kind).title, STATES[row.state], REASONS[row.reason]) for row in rows
        ],
    }
    return render(request, "site/system/hook_calls.html", context)


@require_POST
def act(request: StaffRequest, number: int) -> HttpResponse:
    """Give a new secret, switch off or on, or take away."""
    _may(request)
    hook = get_object_or_404(Hook, pk=number)
    what = request.POST.get("what", "")
    if what == "rotate":
        return _page(request, "", (hook.name, keeping.rotate(hook, actor=request.actor, now=request.now)))
    if what in ("on", "off"):
        keeping.switch(hook, active=what == "on", actor=request.actor, now=request.now)
        messages.success(request, _("已启用。") if what == "on" else _("已停用。"))
    elif what == "remove":
        keeping.remove(hook, actor=request.actor, now=request.now)
        messages.success(request, _("已删除接收方“{name}”及其推送记录。").format(name=hook.name))
    return HttpResponseRedirect(reverse("hooks"))
