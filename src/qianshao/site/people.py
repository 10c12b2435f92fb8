"""Who has an account: found, opened for somebody of the roster, and told in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qianshao.core.accounts import queries, services
from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, CodeMaker, Grant, Passkey
from qianshao.core.duties import registry
from qianshao.core.org import names
from qianshao.core.org import services as org
from qianshao.core.org.models import Holding, Person, Unit
from qianshao.kernel.hours import SHANGHAI

DORMANT = timedelta(days=90)
STATES = ("active", "once", "locked", "dormant", "roleless")


@dataclass(frozen=True, slots=True)
class Line:
    """An account on the list."""

    account: Account
    grants: list[tuple[str, str]]
    state: str
    second: bool


def unit_named(text: str, on: date) -> Unit:
    """The unit somebody wrote; raises ``BadAccount`` with the sentence of what is wrong."""
    try:
        return names.load().resolve(text.strip(), on).unit
    except names.AmbiguousName as error:
        raise services.BadAccount(str(error)) from error
    except names.UnknownName:
        raise services.BadAccount(
            _("没有叫“{name}”的单位，请写全称、简称或编码。").format(name=text[:60])
        ) from None


@transaction.atomic
def open_account(
    *, login: str, name: str, unit: str, post: str, actor: Actor, now: datetime
) -> tuple[Account, str]:
    """An account for somebody of the roster; with a post they are put on the roster first. Returns the one-time password."""
    name = name.strip()
    if not 2 <= len(name) <= 60:
        raise services.BadAccount(_("请填写姓名（2 至 60 字）。"))
    today = now.astimezone(SHANGHAI).date()
    found = Person.objects.filter(name=name)
    where = unit_named(unit, today) if unit.strip() else None
    if where is not None:
        holding = Holding.objects.filter(person__name=name, post__unit=where)
        found = Person.objects.filter(pk__in=holding.values("person_id"))
    people = list(found[:2])
    if len(people) > 1:
        raise services.BadAccount(
            _(
                "叫“{name}”的不止一人，请写明单位；同一单位有同名的人时，请联系组织人事部门在人员表中区分。"
            ).format(name=name)
        )
    if people:
        person = people[0]
    elif where is not None and post.strip():
        person = Person.objects.create(name=name)
        made = org.add_post(unit=where, title=post.strip()[:60], actor=actor, now=now)
        org.hold_post(person=person, post=made, since=today, actor=actor, now=now)
    else:
        raise services.BadAccount(
            _("人员表中没有“{name}”。请核对姓名和单位，或填写单位和职务，同时登记这个人。").format(name=name)
        )
    return services.create_account(login=login.strip(), person=person, actor=actor, now=now)


def found(actor: Actor, text: str, state: str, now: datetime) -> QuerySet[Account]:
    """The accounts the actor administers, by login or name, in one of ``STATES``; newest sign-in last."""
    today = now.astimezone(SHANGHAI).date()
    rows = queries.accounts(actor).order_by("login")
    if text:
        rows = rows.filter(Q(login__icontains=text) | Q(person__name__icontains=text))
    held = queries.grants_in_force(today).filter(account=OuterRef("pk"))
    match state:
        case "active":
            rows = rows.filter(is_active=True, one_time_until=None)
        case "once":
            rows = rows.filter(is_active=True).exclude(one_time_until=None)
        case "locked":
            rows = rows.filter(is_active=False)
        case "dormant":
            rows = rows.filter(Q(last_login=None) | Q(last_login__lt=now - DORMANT), is_active=True)
        case "roleless":
            rows = rows.filter(~Exists(held), is_active=True)
    return rows


def lines(accounts: Iterable[Account], now: datetime) -> list[Line]:
    """Accounts with their roles of today and what guards them, three queries for any number."""
    rows = list(accounts)
    today = now.astimezone(SHANGHAI).date()
    numbers = [row.pk for row in rows]
    roles = registry.roles()
    held: dict[int, list[tuple[str, str]]] = {}
    grants = Grant.objects.filter(account__in=numbers, valid_from__lte=today).filter(
        Q(valid_to=None) | Q(valid_to__gt=today)
    )
    for grant in grants.select_related("unit").order_by("id"):
        title = roles[grant.role].title if grant.role in roles else grant.role
        held.setdefault(grant.account_id, []).append((title, grant.unit.short))
    guarded = {
        *CodeMaker.objects.filter(account__in=numbers).values_list("account_id", flat=True),
        *Passkey.objects.filter(account__in=numbers).values_list("account_id", flat=True),
    }
    return [Line(row, held.get(row.pk, []), _state(row, now), row.pk in guarded) for row in rows]


def _state(account: Account, now: datetime) -> str:
    if not account.is_active:
        return "locked"
    if account.one_time_until is not None:
        return "once"
    if account.last_login is None or account.last_login < now - DORMANT:
        return "dormant"
    return "active"
