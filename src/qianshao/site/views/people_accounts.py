"""The accounts: opened by the system administrator, given roles and locked by the security administrator.

Neither does the other's part, and neither touches their own account; the services refuse it, the page does not offer it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts import queries, second, services
from qianshao.core.accounts.actor import NotAllowed
from qianshao.core.accounts.models import Account, Proposal
from qianshao.core.duties import registry
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.staff import StaffRequest

from .. import people

_PAGE = 50
_RIGHTS = (services.OPEN, services.GRANT, services.LOCK)
_ONCE = "one-time-password"


def index(request: StaffRequest) -> HttpResponse:
    """The list, and the form for a new account."""
    _enter(request)
    refusal = ""
    if request.method == "POST":
        try:
            account, password = people.open_account(
                login=request.POST.get("login", ""),
                name=request.POST.get("name", ""),
                unit=request.POST.get("unit", ""),
                post=request.POST.get("post", ""),
                actor=request.actor,
                now=request.now,
            )
        except services.BadAccount as error:
            refusal = str(error)
        else:
            request.session[_ONCE] = {"account": account.pk, "text": password}
            return redirect("person", number=account.pk)
    state = request.GET.get("state", "")
    text = request.GET.get("text", "").strip()[:60]
    rows = people.found(request.actor, text, state, request.now)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": people.lines(page.object_list, request.now),
        "page": page,
        "text": text,
        "state": state,
        "states": _states(),
        "refusal": refusal,
        "given": request.POST if refusal else {},
        "may_open": request.actor.may(services.OPEN),
        "may_grant": request.actor.may(services.GRANT),
        "proposals": _proposals(request),
    }
    return render(request, "site/people.html", context, status=422 if refusal else 200)


def _enter(request: StaffRequest) -> None:
    if not any(request.actor.may(right) for right in _RIGHTS):
        raise NotAllowed(_("没有管理账号的权限"))


def _states() -> dict[str, str]:
    return {
        "active": _("正常"),
        "once": _("待首次登录"),
        "locked": _("已停用"),
        "dormant": _("90天未登录"),
        "roleless": _("没有角色"),
    }


def _proposals(request: StaffRequest) -> list[tuple[Proposal, str, bool]]:
    if not request.actor.may(services.GRANT):
        return []
    roles = registry.roles()
    rows = Proposal.objects.select_related("account__person", "unit", "by__person").order_by("id")
    return [
        (row, telling.sentence(roles[row.role].title), request.actor.key != f"account:{row.by_id}")
        for row in rows
        if row.role in roles
    ]


def one(request: StaffRequest, number: int) -> HttpResponse:
    """An account: its roles through time, what guards it, and what may be done."""
    _enter(request)
    account = queries.accounts(request.actor).filter(pk=number).first()
    if account is None:
        raise Http404
    if request.method == "POST":
        return _done(request, account)
    own = request.actor.key == f"account:{account.pk}"
    today = request.now.astimezone(SHANGHAI).date()
    roles = registry.roles()
    once = request.session.get(_ONCE)
    if once and once["account"] == account.pk:
        del request.session[_ONCE]
    context = {
        "line": people.lines([account], request.now)[0],
        "account": account,
        "own": own,
        "once": once["text"] if once and once["account"] == account.pk else "",
        "states": _states(),
        "second": second.has(account),
        "identity": account.outside_identities.first(),
        "outside": settings.SINGLE_SIGN_ON,
        "grants": [
            {
                "grant": grant,
                "title": telling.sentence(roles[grant.role].title) if grant.role in roles else grant.role,
                "open": grant.valid_to is None or grant.valid_to > today,
            }
            for grant in account.grants.select_related("unit").order_by("-valid_from", "-id")
        ],
        "proposals": [row for row in _proposals(request) if row[0].account_id == account.pk],
        "roles": {key: telling.sentence(role.title) for key, role in roles.items()},
        "administrators": settings.ADMINISTRATORS,
        "tokens": account.tokens.filter(revoked_at=None, expires_at__gt=request.now).order_by("id"),
        "may_open": request.actor.may(services.OPEN) and not own,
        "may_grant": request.actor.may(services.GRANT) and not own,
        "may_lock": request.actor.may(services.LOCK) and not own,
        "today": today.isoformat(),
    }
    return render(request, "site/person.html", context)


def _done(request: StaffRequest, account: Account) -> HttpResponse:
    do = _ACTS.get(request.POST.get("do", ""))
    if do is None:
        raise Http404
    try:
        said = do(request, account)
    except (services.BadAccount, NotAllowed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("person", kwargs={"number": account.pk}))


def _reset(request: StaffRequest, account: Account) -> str:
    password = services.reset_password(account=account, actor=request.actor, now=request.now)
    request.session[_ONCE] = {"account": account.pk, "text": password}
    return _("已重置密码，原有登录全部退出。")


def _close(request: StaffRequest, account: Account) -> str:
    services.close(account=account, actor=request.actor, now=request.now)
    return _("账号已注销：角色全部收回，登录名不再给别人使用。")


def _lock(request: StaffRequest, account: Account) -> str:
    reason = request.POST.get("reason", "")[:200]
    services.lock(account=account, reason=reason, actor=request.actor, now=request.now)
    return _("账号已停用，登录全部退出。")


def _unlock(request: StaffRequest, account: Account) -> str:
    services.unlock(account=account, actor=request.actor, now=request.now)
    return _("账号已恢复。")


def _forget(request: StaffRequest, account: Account) -> str:
    reason = request.POST.get("reason", "")[:200]
    services.forget_second_factor(account=account, reason=reason, actor=request.actor, now=request.now)
    return _("第二步验证已清除，登录全部退出。")


def _link(request: StaffRequest, account: Account) -> str:
    provider = settings.SINGLE_SIGN_ON
    subject = request.POST.get("subject", "").strip()
    if provider is None or not 0 < len(subject) <= 255:
        raise services.BadAccount(_("请填写统一身份标识。"))
    services.link(
        account=account, issuer=provider.issuer, subject=subject, actor=request.actor, now=request.now
    )
    return _("已绑定统一身份。")


def _unlink(request: StaffRequest, account: Account) -> str:
    services.unlink(account=account, actor=request.actor, now=request.now)
    return _("已解除统一身份绑定。")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise services.BadAccount(
            _("日期“{day}”无法识别，请写成 2025-10-29。").format(day=text[:20])
        ) from None


def _grant(request: StaffRequest, account: Account) -> str:
    role = registry.roles().get(request.POST.get("role", ""))
    today = request.now.astimezone(SHANGHAI).date()
    if role is None:
        raise services.BadAccount(_("请选择角色。"))
    unit = people.unit_named(request.POST.get("unit", ""), today)
    since, until = _day(request.POST.get("since", "")) or today, _day(request.POST.get("until", ""))
    actor, now = request.actor, request.now
    if role.key in settings.ADMINISTRATORS:
        services.propose(
            account=account, role=role, unit=unit, since=since, until=until, actor=actor, now=now
        )
        return _("已提出，待另一名安全管理员确认后生效。")
    services.grant(account=account, role=role, unit=unit, since=since, until=until, actor=actor, now=now)
    return _("已授予“{role}”。").format(role=telling.sentence(role.title))


def _revoke(request: StaffRequest, account: Account) -> str:
    number = request.POST.get("grant", "")
    grant = account.grants.filter(pk=int(number)).first() if number.isdigit() else None
    if grant is None:
        raise services.BadAccount(_("没有这项授权。"))
    today = request.now.astimezone(SHANGHAI).date()
    services.revoke(grant=grant, until=today, actor=request.actor, now=request.now)
    return _("角色已收回，即刻生效。")


def _proposal(request: StaffRequest, account: Account) -> Proposal:
    number = request.POST.get("proposal", "")
    found = account.proposals.filter(pk=int(number)).first() if number.isdigit() else None
    if found is None:
        raise services.BadAccount(_("这项提议已处理过。"))
    return found


def _confirm(request: StaffRequest, account: Account) -> str:
    proposal = _proposal(request, account)
    role = registry.roles()[proposal.role]
    services.confirm(proposal=proposal, role=role, actor=request.actor, now=request.now)
    return _("已授予“{role}”。").format(role=telling.sentence(role.title))


def _decline(request: StaffRequest, account: Account) -> str:
    services.decline(proposal=_proposal(request, account), actor=request.actor, now=request.now)
    return _("提议已撤下。")


_ACTS: dict[str, Callable[[StaffRequest, Account], str]] = {
    "reset": _reset,
    "close": _close,
    "lock": _lock,
    "unlock": _unlock,
    "forget": _forget,
    "link": _link,
    "unlink": _unlink,
    "grant": _grant,
    "revoke": _revoke,
    "confirm": _confirm,
    "decline": _decline,
}
