"""Change the city's units, posts and holdings; every change is dated and leaves a fact in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.ledger.register import append_register
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import chinese

from . import queries, units
from .models import Holding, Person, Post, Unit, UnitName

MANAGE = "org.manage"


class BadChange(ValueError):
    """The change does not fit what is recorded; the sentence says what is in the way."""


def _may(actor: Actor, unit: Unit | None) -> None:
    if not actor.may(MANAGE, unit.path if unit else "/"):
        raise NotAllowed(_("没有管理单位的权限"))


def _record(fact: str, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    append_register(name="org", kind="register.org", fact=fact, data=data, actor=actor, now=now)


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)


@transaction.atomic
def add_unit(
    *,
    code: str,
    name: str,
    short: str,
    kind: str,
    parent: Unit | None,
    since: date,
    order: int,
    actor: Actor,
    now: datetime,
) -> Unit:
    """Add a unit below another one, from a day on; ``code`` is for good. Raises ``BadChange``."""
    _may(actor, parent)
    if not code.isascii() or not code or "/" in code:
        raise BadChange(_("单位编码“{code}”只能用字母、数字和短横线。").format(code=code))
    if parent is not None and (parent.valid_from > since or (parent.valid_to and parent.valid_to <= since)):
        raise BadChange(
            _("上级单位{parent}在 {day} 并不存在。").format(parent=parent.name, day=chinese(since))
        )
    path = f"{parent.path}{code}/" if parent else "/"
    try:
        with transaction.atomic():
            unit = Unit.objects.create(
                code=code,
                name=name,
                short=short,
                kind=kind,
                parent=parent,
                path=path,
                valid_from=since,
                order=order,
            )
    except IntegrityError:
        raise BadChange(_("单位编码“{code}”已经用过，编码不能重复使用。").format(code=code)) from None
    UnitName.objects.create(unit=unit, name=name, short=short, valid_from=since)
    _record(
        "UnitAdded",
        {
            "code": code,
            "name": name,
            "short": short,
            "kind": kind,
            "parent": parent.code if parent else "",
            "since": since.isoformat(),
        },
        actor,
        now,
    )
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, short: str, since: date, actor: Actor, now: datetime) -> UnitName:
    """Give a unit a new name from a day on, today at the latest; past days keep the old one."""
    _may(actor, unit)
    unit = _locked(unit)
    if since > now.astimezone(SHANGHAI).date():
        raise BadChange(_("更名日期 {day} 晚于今天，请到当天再登记。").format(day=chinese(since)))
    last = unit.names.order_by("-valid_from").first()
    if last is not None:
        if since <= last.valid_from:
            raise BadChange(
                _("{unit} 自 {day} 起使用“{name}”，新名称的日期应晚于这一天。").format(
                    unit=unit.code, day=chinese(last.valid_from), name=last.name
                )
            )
        last.valid_to = since
        last.save(update_fields=["valid_to"])
    named = UnitName.objects.create(unit=unit, name=name, short=short, valid_from=since)
    Unit.objects.filter(pk=unit.pk).update(name=name, short=short)
    _record(
        "UnitRenamed",
        {"code": unit.code, "name": name, "short": short, "since": since.isoformat()},
        actor,
        now,
    )
    return named


@transaction.atomic
def merge_units(*, old: Sequence[Unit], into: Unit, on: date, actor: Actor, now: datetime) -> None:
    """Close units on a day; their work goes on in ``into``. Figures of earlier days keep the unit that was.

    Units below them and posts that are held must be settled first: nobody else can say where they belong.
    """
    _may(actor, into)
    if into.valid_from > on or (into.valid_to and into.valid_to <= on):
        raise BadChange(_("{unit} 在 {day} 并不存在，不能并入。").format(unit=into.name, day=chinese(on)))
    for unit in sorted(old, key=lambda unit: unit.pk):
        _may(actor, unit)
        unit = _locked(unit)
        if unit.pk == into.pk or unit.valid_to is not None:
            raise BadChange(_("{unit} 已经撤并，或与并入的单位相同。").format(unit=unit.name))
        if unit.valid_from >= on:
            raise BadChange(_("{unit} 在 {day} 之前还不存在。").format(unit=unit.name, day=chinese(on)))
        below = list(
            unit.children.filter(Q(valid_to=None) | Q(valid_to__gt=on)).values_list("name", flat=True)[:3]
        )
        if below:
            raise BadChange(
                _("{unit} 还有下级单位：{below}。请先撤并下级单位。").format(
                    unit=unit.name, below=_("、").join(below)
                )
            )
        held = queries.holdings_on(unit, on).first()
        if held is not None:
            raise BadChange(
                _("{unit} 的“{post}”仍由 {person} 担任，请先结束任职。").format(
                    unit=unit.name, post=held.post.title, person=held.person.name
                )
            )
        Unit.objects.filter(pk=unit.pk).update(valid_to=on, merged_into=into)
        unit.names.filter(valid_to=None).update(valid_to=on)
    units.forget()
    _record(
        "UnitsMerged",
        {"codes": sorted(unit.code for unit in old), "into": into.code, "on": on.isoformat()},
        actor,
        now,
    )


@transaction.atomic
def add_post(*, unit: Unit, title: str, actor: Actor, now: datetime) -> Post:
    """Add a post to a unit; one post is held by one person at a time."""
    _may(actor, unit)
    post = Post.objects.create(unit=unit, title=title)
    _record("PostAdded", {"unit": unit.code, "post": post.pk, "title": title}, actor, now)
    return post


@transaction.atomic
def hold_post(*, person: Person, post: Post, since: date, actor: Actor, now: datetime) -> Holding:
    """A person takes a post from a day on; the one before must have left it by then."""
    _may(actor, post.unit)
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    busy = post.holdings.filter(Q(valid_to=None) | Q(valid_to__gt=since)).select_related("person").first()
    if busy is not None:
        raise BadChange(
            _("“{post}”自 {day} 起由 {person} 担任，请先结束其任职。").format(
                post=post.title, day=chinese(busy.valid_from), person=busy.person.name
            )
        )
    holding = Holding.objects.create(person=person, post=post, valid_from=since)
    _record("PostTaken", {"post": post.pk, "person": person.pk, "since": since.isoformat()}, actor, now)
    return holding


@transaction.atomic
def end_holding(*, holding: Holding, on: date, actor: Actor, now: datetime) -> Holding:
    """A person leaves a post; ``on`` is the first day they no longer hold it."""
    _may(actor, holding.post.unit)
    Post.objects.select_for_update(of=("self",)).get(pk=holding.post_id)
    holding.refresh_from_db()
    if holding.valid_to is not None or on <= holding.valid_from:
        raise BadChange(_("任职已经结束，或结束日期早于开始日期。"))
    holding.valid_to = on
    holding.save(update_fields=["valid_to"])
    _record(
        "PostLeft", {"post": holding.post_id, "person": holding.person_id, "on": on.isoformat()}, actor, now
    )
    return holding
