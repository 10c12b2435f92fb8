"""People with ready accounts, one for each role; passwords are drawn at random where the city is made."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.core.accounts import services as accounts
from qianshao.core.accounts.actor import actor_of
from qianshao.core.duties import registry
from qianshao.core.org import services as org
from qianshao.core.org.models import Holding, Person, Unit

from . import plan, texts
from .founding import moments
from .replay import ACTOR

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Part:
    """An account to be: ``place`` is which of the unit's posts, None for a post of its own called ``post``."""

    login: str
    role: str
    unit: str
    place: int | None = None
    post: str = ""
    scope: str = ""


CAST = (
    Part("mayor", "mayor", plan.CITY, post="市长"),
    Part("director", "office.head", plan.OFFICE, 0),
    Part("agent", "hotline.agent", "section-hotline", 2),
    Part("chief", "hotline.chief", "section-hotline", 0),
    Part("housing", "hotline.unit", "bureau-housing", post="热线联络员"),
    Part("town", "hotline.unit", "town-0101", post="热线联络员"),
    Part("learning", "learning.clerk", "section-people", 0, scope=plan.OFFICE),
    Part("openness", "openness.clerk", "section-openness", 1),
    Part("disclosure", "openness.head", "section-openness", 0),
    Part("contact", "openness.unit", "bureau-housing", post="公开联络员"),
    Part("supervisor", "supervision.head", "section-inspection", 1),
    Part("clerk", "supervision.clerk", "section-inspection", 2),
    Part("liaison", "supervision.unit", "bureau-housing", post="督查联络员"),
    Part("burden", "burden.keeper", "section-inspection", 3),
    Part("appraisal", "appraisal.keeper", "section-inspection", 4),
    Part("declarer", "appraisal.unit", "bureau-housing", post="申报员"),
    Part("appraiser", "appraisal.head", plan.OFFICE, 1),
    Part("relief", "burden.unit", "town-0101", post="减负联络员"),
    Part("inspector", "appraisal.inspector", "section-inspection", 5),
    Part("inspector-2", "appraisal.inspector", "section-general-2", 0),
    Part("inspector-3", "appraisal.inspector", "section-general-3", 0),
    Part("rules", "rules.keeper", "section-general-1", 0),
    Part("auditor", "auditor", "section-inspection", 0),
    Part("security", "secadmin", "section-information", 1),
    Part("sysadmin", "sysadmin", "section-information", 0),
)


@dataclass(frozen=True, slots=True)
class Ready:
    """An account somebody may sign in with at once."""

    login: str
    password: str
    role: str
    name: str
    unit: str


def file() -> Path:
    """Where the accounts of this installation's sample city are written down, for its owner only."""
    return Path(settings.HOME) / "demo-accounts.txt"


def appoint(seed: int, until: datetime) -> list[Ready]:
    """Open the accounts in the last minutes before ``until``; written down before they are committed."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    random = Random(f"{seed}/cast")
    now = moments(until - timedelta(minutes=10))
    with transaction.atomic():
        ready = [_open(part, units, random, now, until) for part in CAST]
        lines = ["\t".join((one.login, one.password, one.role, one.name, one.unit)) for one in ready]
        handle = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as paper:
            paper.write("\n".join(lines) + "\n")
    return ready


def _open(
    part: Part, units: dict[str, Unit], random: Random, now: Iterator[datetime], until: datetime
) -> Ready:
    unit = units[part.unit]
    role = registry.roles()[part.role]
    person = _person(part, unit, random, now)
    account, once = accounts.create_account(login=part.login, person=person, actor=ACTOR, now=next(now))
    accounts.grant(
        account=account,
        role=role,
        unit=units[part.scope or part.unit],
        since=plan.FOUNDED,
        until=None,
        actor=ACTOR,
        now=next(now),
    )
    password = "-".join("".join(secrets.choice(_LETTERS) for _letter in range(5)) for _part in range(3))
    actor = actor_of(account, registry.roles(), until.date())
    accounts.change_password(account=account, old=once, new=password, actor=actor, now=next(now))
    return Ready(part.login, password, role.title, person.name, unit.name)


def _person(part: Part, unit: Unit, random: Random, now: Iterator[datetime]) -> Person:
    if part.place is not None:
        holdings = Holding.objects.filter(post__unit=unit, valid_to=None).order_by("post_id")
        return holdings.select_related("person")[part.place].person
    person = Person.objects.create(name=texts.name(random))
    post = org.add_post(unit=unit, title=part.post, actor=ACTOR, now=next(now))
    org.hold_post(person=person, post=post, since=plan.FOUNDED, actor=ACTOR, now=next(now))
    return person


def written_down() -> list[Ready]:
    """The accounts as they were written down; raises ``FileNotFoundError`` with how to mend it."""
    try:
        text = file().read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            _("演示账号文件 {file} 已不存在。请用系统管理员账号重置密码，或清除示例城市后重建。").format(
                file=file()
            )
        ) from None
    return [Ready(*line.split("\t")) for line in text.splitlines()]
