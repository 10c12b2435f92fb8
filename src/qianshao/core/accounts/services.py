"""Open, lock and close accounts, and grant and revoke roles; every change leaves a fact naming no person."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.ledger.register import append_register
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Role
from qianshao.kernel.hours import SHANGHAI

from . import second, sessions
from .actor import EVERYWHERE, Actor, NotAllowed, apart
from .models import Account, Grant, OutsideIdentity, Proposal

# Opening accounts, granting roles and locking people out are three rights of two administrators.
OPEN, GRANT, LOCK = "people.create", "people.grant", "people.lock"
ONE_TIME = timedelta(days=7)
# No 0 O 1 l I: one-time passwords are read out and copied by hand.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


class BadAccount(ValueError):
    """The account cannot be made or changed so; the sentence says why."""


class WeakPassword(ValueError):
    """The new password does not meet the policy, or the old one is wrong."""


def _record(fact: str, account: Account, actor: Actor, now: datetime, **data: Any) -> None:
    append_register(
        name="accounts",
        kind="register.accounts",
        fact=fact,
        data={"account": account.pk, **data},
        actor=actor,
        now=now,
    )


def _may(actor: Actor, capability: str, account: Account) -> None:
    """The capability in every unit where the account ever had a role; nobody administers themself."""
    if actor.key == f"account:{account.pk}":
        raise NotAllowed(_("不能管理自己的账号"))
    paths = list(account.grants.values_list("unit__path", flat=True).distinct())
    if not all(actor.may(capability, path) for path in paths) or not actor.may(capability):
        raise NotAllowed(_("没有管理这个账号的权限"))


def _one_time(account: Account, now: datetime) -> str:
    password = "".join(secrets.choice(_LETTERS) for _letter in range(14))
    account.set_password(password)
    account.one_time_until = now + ONE_TIME
    return password


@transaction.atomic
def create_account(*, login: str, person: Person, actor: Actor, now: datetime) -> tuple[Account, str]:
    """Open an account of a natural person; the one-time password returned is shown once and kept nowhere."""
    if not actor.may(OPEN):
        raise NotAllowed(_("没有开设账号的权限"))
    if not login.isascii() or not login.replace("-", "").replace(".", "").replace("_", "").isalnum():
        raise BadAccount(_("登录名只能用字母、数字、点、横线和下划线。"))
    account = Account(login=login.lower(), person=person)
    password = _one_time(account, now)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise BadAccount(_("登录名“{login}”已被使用，或此人已有账号。").format(login=login)) from None
    _record("AccountOpened", account, actor, now, person=person.pk)
    return account, password


@transaction.atomic
def reset_password(*, account: Account, actor: Actor, now: datetime) -> str:
    """Give a new one-time password; every session of the account ends."""
    _may(actor, OPEN, account)
    password = _one_time(account, now)
    account.save(update_fields=["password", "one_time_until"])
    sessions.end(account)
    _record("PasswordReset", account, actor, now)
    return password


@transaction.atomic
def change_password(*, account: Account, old: str, new: str, actor: Actor, now: datetime) -> None:
    """Change one's own password; Django ends the other sessions with it. Raises ``WeakPassword``."""
    if actor.key != f"account:{account.pk}":
        raise NotAllowed(_("只能修改自己的密码"))
    if not account.check_password(old):
        raise WeakPassword(_("原密码错误，请重新输入。"))
    if old == new:
        raise WeakPassword(_("新密码不能与原密码相同。"))
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error
    account.set_password(new)
    account.one_time_until = None
    account.password_set_at = now
    account.save(update_fields=["password", "one_time_until", "password_set_at"])
    _record("PasswordChanged", account, actor, now)


@transaction.atomic
def forget_second_factor(*, account: Account, reason: str, actor: Actor, now: datetime) -> None:
    """For somebody who lost telephone and recovery codes: they sign in by password and set up another."""
    _may(actor, LOCK, account)
    second.forget(account)
    sessions.end(account)
    _record("SecondFactorForgotten", account, actor, now, reason=reason)


@transaction.atomic
def second_factor_changed(*, account: Account, what: str, actor: Actor, now: datetime) -> None:
    """Record that the owner set up or removed a second factor; ``what`` is one of ``CHANGES``."""
    if actor.key != f"account:{account.pk}":
        raise NotAllowed(_("只能修改自己的第二步验证"))
    _record("SecondFactorChanged", account, actor, now, what=what)


@transaction.atomic
def link(*, account: Account, issuer: str, subject: str, actor: Actor, now: datetime) -> None:
    """Let the account sign in as a subject of the single sign-on: its owner, or whoever opens accounts."""
    if actor.key != f"account:{account.pk}":
        _may(actor, OPEN, account)
    try:
        with transaction.atomic():
            OutsideIdentity.objects.filter(account=account, issuer=issuer).delete()
            OutsideIdentity.objects.create(account=account, issuer=issuer, subject=subject, linked_at=now)
    except IntegrityError:
        raise BadAccount(_("这个统一身份已绑定另一个账号。")) from None
    _record("IdentityLinked", account, actor, now, issuer=issuer)


@transaction.atomic
def unlink(*, account: Account, actor: Actor, now: datetime) -> None:
    """End signing in by the single sign-on."""
    if actor.key != f"account:{account.pk}":
        _may(actor, OPEN, account)
    if account.outside_identities.all().delete()[0]:
        _record("IdentityUnlinked", account, actor, now)


@transaction.atomic
def lock(*, account: Account, reason: str, actor: Actor, now: datetime) -> None:
    """Shut an account out at once, its sessions included; its grants stay for ``unlock``."""
    _may(actor, LOCK, account)
    if not reason.strip():
        raise BadAccount(_("请写明停用的原因。"))
    _shut(account)
    _record("AccountLocked", account, actor, now, reason=reason)


@transaction.atomic
def unlock(*, account: Account, actor: Actor, now: datetime) -> None:
    """Let a locked account sign in again."""
    _may(actor, LOCK, account)
    account.is_active = True
    account.save(update_fields=["is_active"])
    _record("AccountUnlocked", account, actor, now)


@transaction.atomic
def close(*, account: Account, actor: Actor, now: datetime) -> None:
    """The person has left: shut out at once, every grant ended today. Logins are never given to another."""
    _may(actor, OPEN, account)
    today = now.astimezone(SHANGHAI).date()
    account.grants.filter(Q(valid_to=None) | Q(valid_to__gt=today)).update(valid_to=today)
    _shut(account)
    _record("AccountClosed", account, actor, now)


def _shut(account: Account) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    sessions.end(account)


@transaction.atomic
def grant(
    *, account: Account, role: Role, unit: Unit, since: date, until: date | None, actor: Actor, now: datetime
) -> Grant:
    """Grant a role in a unit from a day until another (exclusive, None is open), to somebody else.

    An administrator's role takes two people: see ``propose`` and ``confirm``. The console of the server may grant alone.
    """
    if role.key in settings.ADMINISTRATORS and not actor.everything:
        raise NotAllowed(_("管理员角色须由两名安全管理员共同授予：一人提出，另一人确认。"))
    return _grant(account, role, unit, since, until, actor, now)


@transaction.atomic
def propose(
    *, account: Account, role: Role, unit: Unit, since: date, until: date | None, actor: Actor, now: datetime
) -> Proposal:
    """Ask for an administrator's role for somebody; another security administrator has to confirm it."""
    _check_grant(account, role, unit, since, until, actor)
    proposer = Account.objects.get(pk=int(actor.key.removeprefix("account:")))
    made = Proposal.objects.create(
        account=account, role=role.key, unit=unit, since=since, until=until, by=proposer, at=now
    )
    _record("RoleProposed", account, actor, now, role=role.key, unit=unit.code)
    return made


@transaction.atomic
def confirm(*, proposal: Proposal, role: Role, actor: Actor, now: datetime) -> Grant:
    """Grant what another one proposed."""
    held = (
        Proposal.objects.select_for_update(of=("self",)).select_related("account", "unit").get(pk=proposal.pk)
    )
    if actor.key == f"account:{held.by_id}":
        raise NotAllowed(_("提出的人不能自己确认，请由另一名安全管理员确认。"))
    since = max(held.since, now.astimezone(SHANGHAI).date())
    made = _grant(held.account, role, held.unit, since, held.until, actor, now)
    held.delete()
    return made


@transaction.atomic
def decline(*, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Drop a proposal: another security administrator, or the one who made it."""
    if not actor.may(GRANT, proposal.unit.path):
        raise NotAllowed(_("没有在{unit}收回角色的权限").format(unit=proposal.unit.name))
    account, role = proposal.account, proposal.role
    proposal.delete()
    _record("ProposalDeclined", account, actor, now, role=role)


def _check_grant(
    account: Account, role: Role, unit: Unit, since: date, until: date | None, actor: Actor
) -> None:
    if actor.key == f"account:{account.pk}":
        raise NotAllowed(_("不能给自己授权"))
    if not actor.may(GRANT, EVERYWHERE if role.city else unit.path):
        raise NotAllowed(_("没有在{unit}授予“{role}”的权限").format(unit=unit.name, role=role.title))
    if until is not None and until <= since:
        raise BadAccount(_("授权的结束日期应晚于开始日期。"))
    beside = account.grants.filter(Q(valid_to=None) | Q(valid_to__gt=since))
    if until is not None:
        beside = beside.filter(valid_from__lt=until)
    if beside.filter(role=role.key, unit=unit).exists():
        raise BadAccount(_("这个账号在这段时间已有“{role}”。").format(role=role.title))
    if not apart({role.key, *beside.values_list("role", flat=True)}):
        raise BadAccount(_("系统、安全、审计管理员不能兼任其他角色：请先收回这个账号在这段时间的其他授权。"))


def _grant(
    account: Account, role: Role, unit: Unit, since: date, until: date | None, actor: Actor, now: datetime
) -> Grant:
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    _check_grant(account, role, unit, since, until, actor)
    made = Grant.objects.create(account=account, role=role.key, unit=unit, valid_from=since, valid_to=until)
    _record(
        "RoleGranted",
        account,
        actor,
        now,
        role=role.key,
        unit=unit.code,
        since=since.isoformat(),
        until=until.isoformat() if until else "",
    )
    return made


@transaction.atomic
def revoke(*, grant: Grant, until: date, actor: Actor, now: datetime) -> None:
    """End a grant; ``until`` is the first day without it, today at the earliest: no past is rewritten."""
    if not actor.may(GRANT, grant.unit.path):
        raise NotAllowed(_("没有在{unit}收回角色的权限").format(unit=grant.unit.name))
    locked = Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if until < now.astimezone(SHANGHAI).date() or (locked.valid_to is not None and locked.valid_to <= until):
        raise BadAccount(_("授权已经结束，或结束日期早于今天。"))
    locked.valid_to = until
    locked.save(update_fields=["valid_to"])
    _record(
        "RoleRevoked",
        grant.account,
        actor,
        now,
        role=grant.role,
        unit=grant.unit.code,
        until=until.isoformat(),
    )
