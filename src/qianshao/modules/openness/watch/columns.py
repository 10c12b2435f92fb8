"""The required columns (必设栏目) a city set for its sites: editions by the day they hold from, only added to.

The five the product starts with are from memory, so a city's own go before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor, NotAllowed

from ..models import ColumnEdition
from .items import COLUMNS, Column

MOST = 40
LONGEST = 40


class BadList(ValueError):
    """A list of columns that cannot be taken; says which line and what is expected there."""


def in_force(on: date) -> tuple[Column, ...]:
    """The columns a site is held against on a day: the city's own, else those the product starts with."""
    edition = ColumnEdition.objects.filter(valid_from__lte=on).order_by("-valid_from").first()
    return COLUMNS if edition is None else read(edition)


def read(edition: ColumnEdition) -> tuple[Column, ...]:
    """The columns of one edition."""
    return tuple(Column(title, tuple(words)) for title, words in edition.body)


def written(columns: Sequence[Column]) -> str:
    """As the form shows them: a line each, the name, then the words its links may carry."""
    return "\n".join(f"{column.title}：{'、'.join(column.words)}" for column in columns)


def parsed(text: str) -> tuple[Column, ...]:
    """Read what a form holds; a line with a name alone looks for the name. Raises ``BadList``."""
    found: dict[str, Column] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        title, _colon, rest = (part.strip() for part in re.sub(r"[:∶]", "：", line).partition("："))
        words = tuple(dict.fromkeys(word.strip() for word in re.split(r"[、,，;；]", rest) if word.strip()))
        if not title:
            raise BadList(_("第 {n} 行没有栏目名称，请写成“名称：字样、字样”。").format(n=number))
        if title in found:
            raise BadList(_("第 {n} 行：“{name}”写了两次。").format(n=number, name=title))
        if max(map(len, (title, *words))) > LONGEST:
            raise BadList(_("第 {n} 行有超过 {most} 字的名称或者字样。").format(n=number, most=LONGEST))
        found[title] = Column(title, words or (title,))
    if not found:
        raise BadList(_("至少要有一个栏目。"))
    if len(found) > MOST:
        raise BadList(_("最多 {most} 个栏目。").format(most=MOST))
    return tuple(found.values())


def set_columns(
    columns: Sequence[Column], *, valid_from: date, actor: Actor, now: datetime, reason: str
) -> ColumnEdition:
    """Add an edition; those before it stay readable. Raises ``NotAllowed`` and ``BadList``."""
    if not actor.may("rules.set"):
        raise NotAllowed(_("没有设置规则的权限"))
    if ColumnEdition.objects.filter(valid_from=valid_from).exists():
        raise BadList(_("已有从这一天起施行的版本，请改生效日期。"))
    return ColumnEdition.objects.create(
        valid_from=valid_from,
        body=[[column.title, list(column.words)] for column in columns],
        set_by=actor.key,
        set_at=now,
        reason=reason,
    )
