"""A sheet of people: who holds which post in which unit, who shall sign in, and as what. No password stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.onboarding import services as onboarding
from qianshao.core.onboarding.models import AskedAccount, AskedGrant
from qianshao.core.org import names, services
from qianshao.core.org.models import Holding, Person, Post, Unit
from qianshao.kernel.declare import Role
from qianshao.kernel.words import say

from .sheet import Numbered, Preview, Reader, rows_of

PEOPLE_COLUMNS = ("姓名", "单位", "职务", "起始日期")
PEOPLE_MORE = ("截止日期", "登录名", "角色", "角色截止")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}")


@dataclass(frozen=True, slots=True)
class NewHolding:
    """A person to hold a post in a unit; with a login they shall sign in, in these roles of the unit.

    ``held`` when the post is recorded already and only the sign-in or a role is new.
    """

    name: str
    unit: Unit
    title: str
    since: date
    until: date | None = None
    login: str = ""
    roles: tuple[str, ...] = ()
    roles_until: date | None = None
    held: bool = False


class _Known:
    """What is recorded already, read once for the whole sheet."""

    def __init__(self) -> None:
        self.names = names.load()
        self.held = set(
            Holding.objects.values_list("person__name", "post__unit_id", "post__title", "valid_from")
        )
        self.holding = set(
            Holding.objects.filter(valid_to=None).values_list("person__name", "post__unit_id", "post__title")
        )
        self.logins: dict[str, str] = dict(AskedAccount.objects.values_list("login", "person__name"))
        self.logins |= dict(Account.objects.values_list("login", "person__name"))
        self.asked = set(AskedAccount.objects.values_list("login", flat=True))
        self.asked |= set(Account.objects.values_list("login", flat=True))
        self.roles = set(AskedGrant.objects.values_list("asked__login", "role", "unit_id"))
        self.roles |= set(Grant.objects.values_list("account__login", "role", "unit_id"))

    def holds(self, row: NewHolding) -> bool:
        """Whether the person is recorded in the post: now, or from that very day."""
        key = (row.name, row.unit.pk, row.title)
        return key in self.holding or (*key, row.since) in self.held

    def wishes(self, row: NewHolding) -> bool:
        """Whether the row asks for a sign-in or a role nobody asked for yet."""
        return bool(row.login) and (
            row.login not in self.asked
            or any((row.login, role, row.unit.pk) not in self.roles for role in row.roles)
        )


def preview_people(rows: Iterable[Numbered], roles: Mapping[str, Role]) -> Preview[NewHolding]:
    """Read a sheet of people and their posts. The same login is the same person; without one, the same name in the same post is.

    ``roles`` may stand in their cell by key or by Chinese title. Raises ``BadSheet`` for a missing column.
    """
    preview: Preview[NewHolding] = Preview()
    known = _Known()
    titles = {role.title: key for key, role in roles.items()} | {key: key for key in roles}
    seen: dict[tuple[str, int, str], int] = {}
    for number, row in rows_of(rows, PEOPLE_COLUMNS):
        reader = Reader(number, row, preview.problems)
        found = _read(reader, known, titles, roles)
        if found is None:
            continue
        key = (found.name, found.unit.pk, found.title)
        if key in seen:
            reader.wrong("姓名", say("与第 {row} 行重复", row=seen[key]), say("请删去其中一行"))
        seen.setdefault(key, number)
        if not reader.sound:
            continue
        held = known.holds(found)
        if held and not known.wishes(found):
            preview.same += 1
            continue
        if found.login:
            known.logins.setdefault(found.login, found.name)
        preview.new.append(replace(found, held=held))
    return preview


def _read(
    reader: Reader, known: _Known, titles: Mapping[str, str], roles: Mapping[str, Role]
) -> NewHolding | None:
    name, title, since = reader.text("姓名", most=60), reader.text("职务", most=60), reader.day("起始日期")
    until = reader.later("截止日期", since)
    login = _login(reader, known, name)
    wanted = _roles(reader, titles, roles, login)
    roles_until = reader.later("角色截止", since)
    unit = _unit(reader, known.names, since)
    if unit is None:
        return None
    return NewHolding(name, unit, title, since, until, login, wanted, roles_until)


def _unit(reader: Reader, known: names.Names, since: date) -> Unit | None:
    written = reader.text("单位")
    if not written:
        return None
    try:
        return known.resolve(written, since).unit
    except names.AmbiguousName as error:
        reader.wrong(
            "单位",
            say("“{name}”可能指：{candidates}", name=written, candidates="、".join(error.candidates)),
            say("请写单位全称或编码"),
        )
    except names.UnknownName:
        reader.wrong(
            "单位",
            say("没有叫“{name}”的单位", name=written),
            say("请核对单位名称；新单位请先导入单位表"),
        )
    return None


def _login(reader: Reader, known: _Known, name: str) -> str:
    login = reader.text("登录名", required=False, most=60).lower()
    if login and not _LOGIN.fullmatch(login):
        reader.wrong(
            "登录名",
            say("登录名“{login}”不能用", login=login),
            say("登录名用 2 至 60 个字母、数字、点、横线或下划线，以字母或数字开头"),
        )
    holder = known.logins.get(login) if login else None
    if holder is not None and holder != name:
        reader.wrong(
            "登录名",
            say("登录名“{login}”已属于 {name}", login=login, name=holder),
            say("登录名一人一个，离职后也不再给别人，请另取一个"),
        )
    return login


def _roles(
    reader: Reader, titles: Mapping[str, str], roles: Mapping[str, Role], login: str
) -> tuple[str, ...]:
    found: list[str] = []
    for part in re.split(r"[、,，;；]", reader.text("角色", required=False, most=400)):
        written = part.strip()
        if written and written not in titles:
            usable = [role.title for key, role in roles.items() if key not in onboarding.ADMINISTRATORS]
            reader.wrong(
                "角色",
                say("没有角色“{role}”", role=written[:40]),
                say("可用：{roles}", roles="、".join(usable)),
            )
        elif written and titles[written] in onboarding.ADMINISTRATORS:
            reader.wrong(
                "角色",
                say("管理员的角色不能用表格要求"),
                say("请留空，由安全管理员在账号页单独办理（GB/T 22239—2019 8.1.5）"),
            )
        elif written:
            found.append(titles[written])
    if found and not login:
        reader.wrong("登录名", say("有角色而没有登录名"), say("请填写登录名，或把角色留空"))
    return tuple(dict.fromkeys(found))


@transaction.atomic
def add_people(rows: Sequence[NewHolding], *, actor: Actor, now: datetime) -> int:
    """Add people, all of them or none, each to a post of their own; how many rows there were."""
    for row in rows:
        person = _person(row)
        if not row.held:
            post = _free_post(row) or services.add_post(unit=row.unit, title=row.title, actor=actor, now=now)
            holding = services.hold_post(person=person, post=post, since=row.since, actor=actor, now=now)
            if row.until is not None:
                services.end_holding(holding=holding, on=row.until, actor=actor, now=now)
        if row.login:
            onboarding.ask(
                person=person,
                login=row.login,
                unit=row.unit,
                roles=row.roles,
                since=row.since,
                until=row.roles_until,
                actor=actor,
                now=now,
            )
    return len(rows)


def _person(row: NewHolding) -> Person:
    """Whoever has the login, else whoever holds the post, else somebody new."""
    if row.login:
        known = Person.objects.filter(Q(account__login=row.login) | Q(asked_account__login=row.login)).first()
        if known is not None:
            return known
    if row.held:
        held = Holding.objects.filter(person__name=row.name, post__unit=row.unit, post__title=row.title)
        return held.select_related("person").order_by("-valid_from")[0].person
    return Person.objects.create(name=row.name)


def _free_post(row: NewHolding) -> Post | None:
    busy = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=row.since)).values("post_id")
    return Post.objects.filter(unit=row.unit, title=row.title).exclude(pk__in=busy).order_by("id").first()
