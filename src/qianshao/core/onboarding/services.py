"""Ask for accounts and roles, open the accounts, grant the roles: each step by whoever may do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qianshao.core.accounts import services as accounts
from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.accounts.models import Account
from qianshao.core.accounts.services import BadAccount
from qianshao.core.duties import registry
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.hours import SHANGHAI

from .models import AskedAccount, AskedGrant

ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")


@dataclass(frozen=True, slots=True)
class Issued:
    """An account just opened with its one-time password, to be handed over and kept nowhere."""

    unit: str
    name: str
    login: str
    password: str


@transaction.atomic
def ask(
    *,
    person: Person,
    login: str,
    unit: Unit,
    roles: Sequence[str],
    since: date,
    until: date | None,
    actor: Actor,
    now: datetime,
) -> AskedAccount:
    """Note that a person shall sign in under a login, and as what; the same again changes nothing."""
    account = Account.objects.filter(person=person).first()
    asked, _made = AskedAccount.objects.get_or_create(
        person=person,
        defaults={
            "login": account.login if account else login.lower(),
            "unit": unit,
            "account": account,
            "asked_by": actor.key,
            "asked_at": now,
        },
    )
    for role in roles:
        AskedGrant.objects.get_or_create(
            asked=asked, role=role, unit=unit, since=since, defaults={"until": until}
        )
    return asked


def waiting() -> QuerySet[AskedAccount]:
    """Who has a login and no account yet, unit by unit."""
    return (
        AskedAccount.objects.filter(account=None)
        .select_related("person", "unit")
        .order_by("unit__order", "unit__code", "id")
    )


def asked_grants() -> QuerySet[AskedGrant]:
    """The roles asked for and not decided yet, unit by unit."""
    return (
        AskedGrant.objects.filter(state="waiting")
        .select_related("asked__person", "asked__account", "unit")
        .order_by("unit__order", "unit__code", "id")
    )


def issue(asked: Sequence[AskedAccount], *, actor: Actor, now: datetime) -> list[Issued]:
    """Open the accounts, all of them or none; the passwords returned are the only copy.

    Raises ``NotAllowed`` and ``BadAccount``.
    """
    issued: list[Issued] = []
    with transaction.atomic():
        for row in asked:
            account, password = accounts.create_account(
                login=row.login, person=row.person, actor=actor, now=now
            )
            row.account = account
            row.save(update_fields=["account"])
            issued.append(Issued(row.unit.name, row.person.name, account.login, password))
    return issued


def decide(rows: Sequence[AskedGrant], *, give: bool, actor: Actor, now: datetime) -> int:
    """Grant the roles asked for, or refuse them; how many. A role that was over meanwhile cannot be granted.

    Raises ``NotAllowed``, ``BadAccount`` with the row's own sentence; then none of them was decided.
    """
    today = now.astimezone(SHANGHAI).date()
    with transaction.atomic():
        for row in rows:
            role = registry.roles()[row.role]
            if not actor.may(accounts.GRANT, row.unit.path):
                raise NotAllowed(
                    _("没有在{unit}授予“{role}”的权限").format(unit=row.unit.name, role=role.title)
                )
            if give:
                _grant(row, today, actor, now)
            row.state = "granted" if give else "refused"
            row.decided_by, row.decided_at = actor.key, now
            row.save(update_fields=["state", "decided_by", "decided_at"])
    return len(rows)


def _grant(row: AskedGrant, today: date, actor: Actor, now: datetime) -> None:
    account = row.asked.account
    if account is None:
        raise BadAccount(
            _("{name} 还没有账号，请系统管理员先发放登录码。").format(name=row.asked.person.name)
        )
    if row.until is not None and row.until <= today:
        raise BadAccount(
            _("{name} 的角色在 {day} 已经到期，不能授予。").format(name=row.asked.person.name, day=row.until)
        )
    accounts.grant(
        account=account,
        role=registry.roles()[row.role],
        unit=row.unit,
        since=max(row.since, today),
        until=row.until,
        actor=actor,
        now=now,
    )
