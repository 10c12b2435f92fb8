"""Alarms raised from the audit trail: one account that is refused, exports or reveals far more than work asks for.

GB/T 22239—2019 8.1.4.4 f asks that attacks are noticed and told of. Told are the security and the audit administrators, once for each
rule, account and day; what happened stands in the trail, the alarm only says where to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse

from qianshao.core.accounts import queries, trail
from qianshao.core.accounts.models import Trail
from qianshao.core.notices import sorts
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words, say

WINDOW = timedelta(minutes=10)
_WATCHERS = ("secadmin", "auditor")


@dataclass(frozen=True, slots=True)
class Burst:
    """So many lines of one act by one account (or, before signing in, from one address) within ten minutes."""

    act: str
    most: int
    by: str  # the column of the trail that says whose they are


BURSTS = (
    Burst(trail.DENIED, 20, "actor"),
    Burst(trail.EXPORTED, 10, "actor"),
    Burst(trail.REVEALED, 30, "actor"),
    Burst(trail.REFUSED, 30, "address"),
)


def raise_due(now: datetime) -> int:
    """Look at the last ten minutes of the trail; how many notices were new."""
    found = list(_found(now))
    if not found:
        return 0
    today = now.astimezone(SHANGHAI).date()
    return tell_many(
        [told for burst, whose, n in found for told in _tellings(burst, whose, n, today)], now=now
    )


def _found(now: datetime) -> Iterator[tuple[Burst, str, int]]:
    lately = Trail.objects.filter(at__gt=now - WINDOW, at__lte=now, act__in=[burst.act for burst in BURSTS])
    for burst in BURSTS:
        counted = lately.filter(act=burst.act).exclude(**{burst.by: ""}).values_list(burst.by)
        for whose, n in counted.annotate(n=Count("pk")).filter(n__gte=burst.most).order_by(burst.by):
            yield burst, whose, n


def _tellings(burst: Burst, whose: str, n: int, today: date) -> Iterator[Telling]:
    grants = queries.grants_in_force(today).filter(role__in=_WATCHERS)
    held: dict[str, set[int]] = {role: set() for role in _WATCHERS}
    for role, account in grants.values_list("role", "account"):
        held[role].add(account)
    pages = {"secadmin": reverse("people"), "auditor": reverse("audit")}
    for role, accounts in held.items():
        yield Telling(
            key=f"alarm:{burst.act}:{whose}:{today:%Y%m%d}",
            to=accounts,
            words=_words(burst, whose, n),
            sort=sorts.SYSTEM,
            link=pages[role],
            urgent=True,
        )


def _words(burst: Burst, whose: str, n: int) -> Words:
    match burst.act:
        case trail.DENIED:
            return say("告警：账号 {whose} 十分钟内 {n} 次访问被拒绝，请查审计记录。", whose=whose, n=n)
        case trail.EXPORTED:
            return say("告警：账号 {whose} 十分钟内导出 {n} 次，请查审计记录。", whose=whose, n=n)
        case trail.REVEALED:
            return say("告警：账号 {whose} 十分钟内查看个人信息 {n} 次，请查审计记录。", whose=whose, n=n)
        case _:
            return say("告警：地址 {whose} 十分钟内登录失败 {n} 次，请查审计记录。", whose=whose, n=n)
