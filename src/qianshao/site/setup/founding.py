"""Found a real city: its name, its first unit, its three administrators, and the numbers it sets itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qianshao.core.accounts import services as accounts
from qianshao.core.accounts.actor import machine
from qianshao.core.accounts.services import BadAccount
from qianshao.core.duties import calendars, registry, rulebook
from qianshao.core.onboarding.services import Issued
from qianshao.core.org import city, services
from qianshao.core.org.models import Person, Unit
from qianshao.core.org.services import BadChange
from qianshao.kernel.clock import Citation, Term
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.rulebook import NoRule, RuleText

ACTOR = machine("setup")
ADMINISTRATORS = (
    (
        "sysadmin",
        gettext_noop("系统管理员"),
        gettext_noop("导入单位和人员、开账号、备份；看不到业务内容，也不能授权"),
    ),
    ("secadmin", gettext_noop("安全管理员"), gettext_noop("给账号授予和收回角色、停用账号；不能开账号")),
    ("auditor", gettext_noop("审计管理员"), gettext_noop("核验账本、查看全部操作；不能改任何东西")),
)


@dataclass(frozen=True, slots=True)
class Administrator:
    """One of the three: who, and the login."""

    role: str
    name: str
    login: str


@transaction.atomic
def found(
    *,
    name: str,
    code: str,
    unit: str,
    since: date,
    administrators: tuple[Administrator, ...],
    numbers: Mapping[str, int],
    now: datetime,
) -> list[Issued]:
    """Everything or nothing; the administrators' one-time codes returned are the only copy.

    Raises ``BadChange`` or ``BadAccount``.
    """
    if sorted(one.role for one in administrators) != sorted(role for role, _title, _what in ADMINISTRATORS):
        raise BadAccount(_("系统、安全、审计三种管理员须各有一人。"))
    if (
        len({one.login.lower() for one in administrators}) < 3
        or len({one.name for one in administrators}) < 3
    ):
        raise BadAccount(_("三种管理员须是三个人，登录名各不相同。"))
    top = city.found(name=name, code=code, unit=unit, short=unit[:40], since=since, actor=ACTOR, now=now)
    issued = [_appoint(one, top, now) for one in administrators]
    for key, number in numbers.items():
        _set(key, number, now)
    return issued


def _appoint(one: Administrator, top: Unit, now: datetime) -> Issued:
    if not one.name.strip():
        raise BadAccount(_("请填写每位管理员的姓名。"))
    role = registry.roles()[one.role]
    today = now.astimezone(SHANGHAI).date()
    person = Person.objects.create(name=one.name.strip()[:60])
    post = services.add_post(unit=top, title=role.title, actor=ACTOR, now=now)
    services.hold_post(person=person, post=post, since=today, actor=ACTOR, now=now)
    account, password = accounts.create_account(login=one.login, person=person, actor=ACTOR, now=now)
    accounts.grant(account=account, role=role, unit=top, since=today, until=None, actor=ACTOR, now=now)
    return Issued(role.title, person.name, account.login, password)


def settings_of_city(today: date) -> list[RuleText]:
    """The rules whose number is the city's own choice, as they are in force."""
    book = rulebook.book()
    found = []
    for key in dict.fromkeys(text.key for text in book.texts):
        try:
            text = book.in_force(key, today)
        except NoRule:
            continue
        if text.rule.citation.status == "setting":
            found.append(text)
    return found


def _set(key: str, number: int, now: datetime) -> None:
    """The city's own edition of a number, where it differs from the one shipped."""
    today = now.astimezone(SHANGHAI).date()
    text = rulebook.book().in_force(key, today)
    if text.rule.term.n == number:
        return
    if not 1 <= number <= 3650:
        raise BadChange(_("“{title}”应为 1 至 3650。").format(title=_(text.title)))
    edition = f"city-{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    amber = text.rule.amber
    rule = replace(
        text.rule,
        edition=edition,
        term=Term(number, text.rule.term.unit),
        amber=amber if amber is None or amber.unit is not text.rule.term.unit or amber.n < number else None,
        citation=Citation(_("本市设定"), _("首次设置"), edition, "setting"),
    )
    made = RuleText(rule=rule, title=text.title, valid_from=today, note=text.note, city=True)
    rulebook.set_edition(made, actor=ACTOR, now=now, reason=_("首次设置时由本市确定"))


def holidays(today: date) -> list[dict[str, Any]]:
    """This year and the next two: whether the holiday notice is loaded, or the days are provisional."""
    calendar = calendars.current()
    found = []
    for year in range(today.year, today.year + 3):
        if not calendar.first_day.year <= year <= calendar.last_day.year:
            found.append({"year": year, "state": "missing", "notices": []})
            continue
        # The last days of a year wait for the next year's notice, whatever its own says.
        days = calendar.days(date(year, 1, 1), date(year, 12, 28))
        provisional = any(day.provisional for day in days)
        notices = list(dict.fromkeys(day.notice.title for day in days if day.notice))
        found.append({"year": year, "state": "provisional" if provisional else "loaded", "notices": notices})
    return found
