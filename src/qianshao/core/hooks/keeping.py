"""Register a hook, give it a new secret, switch it off and on; each leaves a fact in the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger import store
from qianshao.core.ledger.register import append_register
from qianshao.core.outward.addresses import Forbidden, target

from . import signing
from .models import Hook

KEEP = "system.hooks"
GRACE = timedelta(days=1)


class BadHook(ValueError):
    """The hook cannot be registered so; the sentence says why."""


def facts_of(kind: str) -> list[str]:
    """The names of the facts of a kind."""
    return [act.fact.__name__ for act in registry.kind(kind).acts]


def add(
    *, name: str, url: str, kinds: Collection[str], facts: Collection[str], actor: Actor, now: datetime
) -> tuple[Hook, str]:
    """Register a hook for what is recorded from now on; the secret is returned once and shown nowhere again."""
    _may(actor)
    if not name.strip() or len(name) > 60:
        raise BadHook(_("请填写不超过 60 字的名称。"))
    if Hook.objects.filter(name=name.strip()).exists():
        raise BadHook(_("已有名为“{name}”的接收方。").format(name=name.strip()))
    check(url)
    for kind in kinds:
        if kind not in registry.kinds():
            raise BadHook(_("没有“{kind}”这种事项。").format(kind=kind))
    known = {fact for kind in kinds or registry.kinds() for fact in facts_of(kind)}
    for fact in facts:
        if fact not in known:
            raise BadHook(_("所选事项没有“{fact}”这种记录。").format(fact=fact))
    secret = signing.fresh()
    with transaction.atomic():
        hook = Hook.objects.create(
            name=name.strip(),
            url=url.strip(),
            kinds=sorted(kinds),
            facts=sorted(facts),
            secret=signing.boxed(secret),
            cursor=store.frontiers()[0],
            made_at=now,
        )
        _record(hook, "HookAdded", actor, now, host=urlsplit(hook.url).hostname or "")
    return hook, secret


def check(url: str) -> None:
    """Refuse what is not https, and what leads inside unless the installation allows it. Raises ``BadHook``."""
    private = settings.HOOKS_PRIVATE
    if len(url) > 500 or (urlsplit(url.strip()).scheme != "https" and not private):
        raise BadHook(_("接收地址应是不超过 500 字的 https 网址。"))
    try:
        target(url.strip(), allow_private=private)
    except Forbidden as error:
        raise BadHook(
            _("{reason}。接收方在内网的，请由系统管理员设 QIANSHAO_HOOKS_PRIVATE=1。").format(reason=error)
        ) from error


def rotate(hook: Hook, *, actor: Actor, now: datetime) -> str:
    """Give a new secret, shown once; calls carry both signatures for a day, so that no receiver misses one."""
    _may(actor)
    secret = signing.fresh()
    with transaction.atomic():
        hook.old_secret, hook.old_until = hook.secret, now + GRACE
        hook.secret = signing.boxed(secret)
        hook.save(update_fields=["secret", "old_secret", "old_until"])
        _record(hook, "HookSecretChanged", actor, now)
    return secret


def switch(hook: Hook, *, active: bool, actor: Actor, now: datetime) -> None:
    """Switch off, or on again: what was recorded meanwhile and what failed is told then."""
    _may(actor)
    with transaction.atomic():
        hook.active, hook.failing_since = active, None
        hook.save(update_fields=["active", "failing_since"])
        if active:
            hook.calls.filter(state__in=("failed", "waiting")).update(
                state="waiting", tries=0, again_at=now, done_at=None, reason=""
            )
        _record(hook, "HookSwitchedOn" if active else "HookSwitchedOff", actor, now)


def remove(hook: Hook, *, actor: Actor, now: datetime) -> None:
    """Take a hook away with its log of calls."""
    _may(actor)
    with transaction.atomic():
        _record(hook, "HookRemoved", actor, now)
        hook.delete()


def _may(actor: Actor) -> None:
    if not actor.may(KEEP):
        raise NotAllowed(_("没有管理数据推送的权限"))


def _record(hook: Hook, fact: str, actor: Actor, now: datetime, **data: str) -> None:
    append_register(
        name="hooks",
        kind="register.hooks",
        fact=fact,
        data={"hook": hook.pk, "name": hook.name, **data},
        actor=actor,
        now=now,
    )
