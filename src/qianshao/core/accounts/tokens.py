"""Tokens for programs: part of their owner's rights, for a time, told once and kept as a digest."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.ledger.register import append_register
from qianshao.kernel.declare import Role

from .actor import Actor, NotAllowed, actor_of
from .models import Account, Token

PREFIX = "qs_"
MOST_DAYS = 366
_MOST = 20
_USED_EVERY = timedelta(minutes=1)
# What no program may do, whatever its owner may: open accounts, grant roles, lock people out.
WITHHELD = frozenset({"people.create", "people.grant", "people.lock"})


class BadToken(ValueError):
    """The token cannot be made so; the sentence says why."""


def grantable(actor: Actor) -> list[str]:
    """The capabilities the actor may hand to a token of theirs."""
    return sorted(capability for capability in actor.scopes if capability not in WITHHELD)


@transaction.atomic
def make(
    *, account: Account, name: str, scopes: Collection[str], days: int, actor: Actor, now: datetime
) -> tuple[Token, str]:
    """Make a token of one's own; the text returned is shown once and kept nowhere."""
    if actor.key != f"account:{account.pk}" and not actor.everything:
        raise NotAllowed(_("只能为自己的账号新建令牌。"))
    name = name.strip()
    if not 1 <= len(name) <= 60:
        raise BadToken(_("请写明令牌的用途（最多 60 字）。"))
    if not 1 <= days <= MOST_DAYS:
        raise BadToken(_("有效期须为 1 至 {n} 天。").format(n=MOST_DAYS))
    wanted = sorted(set(scopes))
    if not wanted:
        raise BadToken(_("请至少选择一项权限。"))
    if unknown := [one for one in wanted if not actor.may(one) or one in WITHHELD]:
        raise BadToken(_("不能授予令牌这些权限：{names}").format(names=_("、").join(unknown)))
    if account.tokens.filter(revoked_at=None, expires_at__gt=now).count() >= _MOST:
        raise BadToken(_("最多同时有 {n} 个有效令牌，请先撤销不用的。").format(n=_MOST))
    text = PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        account=account,
        name=name,
        digest=_digest(text),
        hint=text[:8],
        scopes=wanted,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record("TokenMade", made, actor, now, scopes=" ".join(wanted), until=made.expires_at.date().isoformat())
    return made, text


@transaction.atomic
def revoke(*, token: Token, actor: Actor, now: datetime) -> None:
    """Take a token back at once: its owner, or whoever may lock accounts."""
    if actor.key != f"account:{token.account_id}" and not actor.may("people.lock"):
        raise NotAllowed(_("只能撤销自己的令牌。"))
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        _record("TokenRevoked", token, actor, now)


def actor_by(text: str, roles: Mapping[str, Role], on: date, now: datetime) -> Actor | None:
    """Who a token acts as: its owner as of today, with no more than the token's scopes; None when it is no good."""
    token = (
        Token.objects.select_related("account__person")
        .filter(digest=_digest(text), revoked_at=None, expires_at__gt=now)
        .first()
    )
    if token is None:
        return None
    try:
        owner = actor_of(token.account, roles, on)
    except NotAllowed:
        return None
    if token.used_at is None or now - token.used_at >= _USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    scopes = {one: owner.scopes[one] for one in token.scopes if one in owner.scopes and one not in WITHHELD}
    return replace(owner, scopes=scopes)


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()  # 256 random bits need no slow hash


def _record(fact: str, token: Token, actor: Actor, now: datetime, **data: str) -> None:
    append_register(
        name="accounts",
        kind="register.accounts",
        fact=fact,
        data={"account": token.account_id, "token": token.pk, **data},
        actor=actor,
        now=now,
    )
