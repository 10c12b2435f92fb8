"""Units and people from a spreadsheet: first a preview with every error by row and column, then all or nothing.

The rows come from whoever reads the file (cells as text, numbers or dates). A sheet read twice changes nothing
the second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from qianshao.kernel.words import Words, say

from . import names, services
from .models import Holding, Person, Post, Unit

if TYPE_CHECKING:
    from qianshao.core.accounts.actor import Actor

Cell = Any
_UNIT_COLUMNS = ("编码", "名称", "简称", "类别", "上级编码", "起始日期", "排序")
_PEOPLE_COLUMNS = ("姓名", "单位", "职务", "起始日期")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class BadSheet(ValueError):
    """The sheet lacks a column, or still has rows with problems."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; ``row`` as the spreadsheet counts, the header being row 1."""

    row: int
    column: str
    words: Words


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be added; ``parent`` is a code, empty for the top."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    since: date
    order: int


@dataclass(frozen=True, slots=True)
class NewHolding:
    """A person to hold a post in a unit."""

    name: str
    unit: Unit
    title: str
    since: date


@dataclass(slots=True)
class Preview[T]:
    """What a sheet would do; ``same`` rows are recorded already."""

    new: list[T] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    def ready(self) -> None:
        """Raise ``BadSheet`` while a problem is left."""
        if self.problems:
            raise BadSheet(_("还有 {n} 处错误，请改正后重新导入。").format(n=len(self.problems)))
