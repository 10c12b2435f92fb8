"""One's own notices and how one wants to be told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qianshao.core.accounts.models import Account
from qianshao.core.notices import addresses, channels, preferences, sorts, telling
from qianshao.core.notices.models import Address, Notice
from qianshao.kit.staff import StaffRequest

_SIZE = 50


@require_GET
def inbox(request: StaffRequest) -> HttpResponse:
    """One's notices, newest first; ``?unread=1`` leaves out what was read."""
    account = cast(Account, request.user)
    mine = Notice.objects.filter(account=account)
    only = request.GET.get("unread") == "1"
    if only:
        mine = mine.filter(read_at=None)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before))
    rows = list(mine.order_by("-id")[: _SIZE + 1])
    context = {
        "rows": [(row, sorts.TITLES[row.sort]) for row in rows[:_SIZE]],
        "older": rows[_SIZE - 1].pk if len(rows) > _SIZE else None,
        "only": only,
        "first": not before,
    }
    return render(request, "site/notices/inbox.html", context)


@require_GET
def open_one(request: StaffRequest, number: int) -> HttpResponse:
    """Mark as read and go to what it is about."""
    account = cast(Account, request.user)
    notice = Notice.objects.filter(account=account, pk=number).first()
    if notice is None:
        raise Http404
    telling.read(account=account.pk, notices=[notice.pk], now=request.now)
    if notice.stream:
        return HttpResponseRedirect(reverse("duty", args=[notice.stream]))
    return HttpResponseRedirect(notice.link or reverse("notices"))


@require_POST
def read(request: StaffRequest) -> HttpResponse:
    """Mark all as read."""
    n = telling.read(account=cast(Account, request.user).pk, notices=None, now=request.now)
    messages.success(
        request, ngettext("已将 %(n)s 条通知标为已读。", "已将 %(n)s 条通知标为已读。", n) % {"n": n}
    )
    return HttpResponseRedirect(reverse("notices"))


@dataclass(frozen=True, slots=True)
class _Way:
    """A channel as the settings show it."""

    name: str
    title: str
    hint: str
    kept: str
    wrong: bool = False


def wishes(request: StaffRequest) -> HttpResponse:
    """Which notices by which channel, where one is reached, when one wants silence, and whether once a day is enough."""
    account = cast(Account, request.user)
    names = _configured()
    wrong: list[str] = []
    if request.method == "POST":
        wrong = _keep_addresses(request, account, names)
        _keep_wishes(request, account, names)
        if not wrong:
            messages.success(request, _("通知设置已保存。"))
            return HttpResponseRedirect(reverse("notice-wishes"))
    kept = {
        row.channel: addresses.masked(addresses.read(row)) for row in Address.objects.filter(account=account)
    }
    wish = preferences.of([account.pk]).get(account.pk, preferences.Wishes({}))
    ways = [
        _Way(name, channels.TITLES[name], channels.HINTS[name], kept.get(name, ""), name in wrong)
        for name in names
    ]
    context = {
        "ways": ways,
        "rows": [
            (sort, title, [(way, way.name in wish.channels(sort)) for way in ways])
            for sort, title in sorts.TITLES.items()
        ],
        "quiet": wish.quiet,
        "digest": wish.digest,
        "wrong": wrong,
    }
    return render(request, "site/notices/wishes.html", context, status=422 if wrong else 200)


def _configured() -> list[str]:
    try:
        known = channels.current().by_name
    except channels.BadChannels:
        return []
    return [name for name in channels.TITLES if name in known]


def _keep_addresses(request: StaffRequest, account: Account, names: list[str]) -> list[str]:
    """Keep what was written; an empty field leaves what is there, a tick takes it away. The channels that cannot have it."""
    wrong = []
    for name in names:
        text = request.POST.get(f"address-{name}", "").strip()
        if request.POST.get(f"forget-{name}") == "1":
            addresses.keep(account.pk, name, "")
        elif text and channels.well_formed(name, text):
            addresses.keep(account.pk, name, text)
        elif text:
            wrong.append(name)
    return wrong


def _keep_wishes(request: StaffRequest, account: Account, names: list[str]) -> None:
    before = preferences.of([account.pk]).get(account.pk, preferences.Wishes({}))
    choices = {
        sort: [
            # A channel the page did not show keeps what was chosen for it.
            name
            for name in channels.TITLES
            if (f"{sort}:{name}" in request.POST if name in names else name in before.channels(sort))
        ]
        for sort in sorts.TITLES
    }
    begins, ends = _time(request, "quiet_from"), _time(request, "quiet_until")
    preferences.keep(
        account.pk,
        preferences.Wishes(choices, (begins, ends) if begins and ends else None, _time(request, "digest_at")),
    )


def _time(request: StaffRequest, name: str) -> time | None:
    try:
        return time.fromisoformat(request.POST.get(name, "")).replace(tzinfo=None)
    except ValueError:
        return None
