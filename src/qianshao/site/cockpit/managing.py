"""What waits for an administrator, who sees no duties: the numbers on the first page of the system and the security one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account
from qianshao.core.onboarding import services as onboarding
from qianshao.kernel.hours import SHANGHAI
from qianshao.site.setup import checklist, founding


@dataclass(frozen=True)
class Waiting:
    """A number of things to do, and the page where they are done."""

    title: str
    value: int
    note: str
    url: str


def work(actor: Actor, now: datetime) -> list[Waiting]:
    """What this administrator may do, in the order a morning takes; nothing for everybody else."""
    found = []
    if actor.may("org.manage"):
        points = checklist.points(now)
        found += [
            Waiting(
                _("上线清单"),
                sum(point.state == checklist.OPEN for point in points),
                _("项未完成"),
                reverse("going-live"),
            ),
            Waiting(_("发放登录码"), onboarding.waiting().count(), _("人等待"), reverse("sign-in-codes")),
        ]
    if actor.may("people.grant"):
        found.append(
            Waiting(_("待授权"), onboarding.asked_grants().count(), _("项等待确认"), reverse("asked-grants"))
        )
    if actor.may("people.grant") or actor.may("people.create"):
        open_accounts = Account.objects.filter(is_active=True).count()
        found.append(Waiting(_("账号"), open_accounts, _("个在用"), reverse("people")))
    if actor.may("rules.set"):
        today = now.astimezone(SHANGHAI).date()
        lacking = sum(year["state"] != "loaded" for year in founding.holidays(today)[:2])
        found += [
            Waiting(_("核实规则"), checklist.unchecked(today), _("条未核对原文"), reverse("rules")),
            Waiting(_("放假安排"), lacking, _("个年份未载入"), reverse("calendar-load")),
        ]
    return found
