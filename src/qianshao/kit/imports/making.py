"""A row becomes deliveries for the one door, or a fault with the mend; nothing here touches the ledger."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from qianshao.core.duties.door import Delivery, stream_of
from qianshao.core.imports.runs import Fault, Reading
from qianshao.core.org import names
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Fact, fields_of
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import say
from qianshao.kit.sheets.header import letter
from qianshao.kit.sheets.model import Cell, Row, Sheet

from . import cells
from .cells import BadCell
from .spec import Column, Flaw, ImportSpec

_AHEAD = timedelta(minutes=5)  # as much as the door forgives a clock
_SUBJECT = 64  # characters, what the vault keeps of whose data it is


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row the door may see: the opening delivery first, all in one stream."""

    row: int
    stream: str
    deliveries: tuple[Delivery, ...]


class Maker:
    """Reads the rows of one sheet the way its columns were mapped."""

    def __init__(
        self, spec: ImportSpec, sheet: Sheet, reading: Reading, unit_names: names.Names, calendar: Calendar
    ) -> None:
        self.spec = spec
        self.source = reading.source
        self._calendar = calendar
        self._units = unit_names
        self._resolved: dict[tuple[str, int], str | BadCell] = {}
        places = {name: place for place, name in enumerate(sheet.header)}
        self._columns = [(spec.column(key), places[name]) for key, name in reading.columns.items()]
        self._letters = {key: letter(places[name]) for key, name in reading.columns.items()}
        self._constants = {
            column.key: value
            for column in spec.columns
            if (value := reading.constants.get(column.key) or column.default)
        }

    def __call__(self, row: Row, now: datetime) -> Parsed | Fault:
        """The row's deliveries, or what is wrong with it; ``now`` tells what lies in the future."""
        if row.problem is not None:
            return Fault(row.number, row.problem, say("在该行补上或删去引号，再重新导入"))
        values: dict[str, Any] = dict(self._constants)
        try:
            self._read(row.cells, values)
            made = self.spec.make(values)
            if isinstance(made, Flaw):
                return Fault(row.number, made.problem, made.mend, self._where(made.columns))
            for fact in made.facts:
                self._within(fact, now, values)
        except BadCell as error:
            return Fault(row.number, error.problem, error.mend, self._where(error.keys))
        source = f"{self.source}:{made.key or _digest(made.facts)}"
        stream = stream_of(self.spec.kind, source)
        subject = made.subject[:_SUBJECT]
        return Parsed(
            row.number,
            stream,
            tuple(
                Delivery(kind=self.spec.kind, fact=fact, stream=stream, source=source, subject=subject)
                for fact in made.facts
            ),
        )

    def _where(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The letters of these columns as far as the sheet has them."""
        return tuple(self._letters[key] for key in keys if key in self._letters)

    def _read(self, row: tuple[Cell, ...], values: dict[str, Any]) -> None:
        """Add what the row's cells say to the ``values`` that stand for the whole sheet."""
        late: list[tuple[Column, Cell]] = []
        for column, place in self._columns:
            cell = row[place] if place < len(row) else None
            if column.shape == "unit":
                late.append((column, cell))
                continue
            try:
                value = _value(column, cell)
            except BadCell as error:
                raise BadCell(error.problem, error.mend, (column.key,)) from None
            values[column.key] = value or values.get(column.key, value)
        for column, cell in late:
            values[column.key] = self._unit(column, cell, values.get(self.spec.at_column))

    def _unit(self, column: Column, cell: Cell, at: datetime | None) -> str:
        written = cells.text(cell, column.title, 120)
        if not written or at is None:
            return ""
        key = (written, at.year)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(column, written, at)
        found = self._resolved[key]
        if isinstance(found, BadCell):
            raise found
        return found

    def _resolve(self, column: Column, written: str, at: datetime) -> str | BadCell:
        try:
            return self._units.resolve(written, at.astimezone(SHANGHAI).date()).unit.code
        except names.AmbiguousName as error:
            return BadCell(
                say("“{label}”可能指几个单位", label=column.title),
                say("写全称，可能是：{candidates}", candidates="、".join(error.candidates[:8])),
                (column.key,),
            )
        except names.UnknownName:
            return BadCell(
                say("“{label}”里的名称没有登记", label=column.title),
                say("核对单位名称，或先登记该单位"),
                (column.key,),
            )

    def _within(self, fact: Fact, now: datetime, values: Mapping[str, Any]) -> None:
        """Refuse here, with the row's own words, what the door would refuse for the whole batch."""
        if fact.at > now + _AHEAD:
            raise BadCell(say("日期晚于现在"), say("核对年份和月份"), _dated_by(fact, values))
        if fact.on < self._calendar.first_day:
            raise BadCell(
                say("{year} 年没有工作日历，最早 {first}", year=fact.on.year, first=self._calendar.first_day),
                say("核对年份；更早的工单不能计算时限"),
                _dated_by(fact, values),
            )
        for item in fields_of(type(fact)):
            value = getattr(fact, item.name)
            if not value:
                if item.required and value in ("", None):
                    raise BadCell(say("缺“{label}”", label=item.label), say("请补填这一格"), (item.name,))
            elif item.maximum and isinstance(value, str) and len(value) > item.maximum:
                raise BadCell(
                    say(
                        "“{label}”有 {n} 个字，最多 {max} 个",
                        label=item.label,
                        n=len(value),
                        max=item.maximum,
                    ),
                    say("缩短这一格"),
                    (item.name,),
                )


def _dated_by(fact: Fact, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that gave a fact its moment."""
    return tuple(key for key, value in values.items() if value == fact.at)


def _value(column: Column, cell: Cell) -> str | float | datetime | None:
    if column.shape == "moment":
        return cells.moment(cell, column.title)
    if column.shape == "choice":
        return cells.choice(cell, column.title, column.options, column.spoken)
    if column.shape == "number":
        return cells.number(cell, column.title)
    if column.shape == "amount":
        return cells.amount(cell, column.title)
    return cells.text(cell, column.title, column.maximum)


def _digest(facts: tuple[Fact, ...]) -> str:
    """A key for a row that has no number of its own: its opening fact's words under this installation's key.

    Keyed, because the digest of a short text could be guessed back.
    """
    first = facts[0]
    parts: Mapping[str, Any] = {item.name: getattr(first, item.name) for item in fields_of(type(first))}
    written = "\n".join([first.at.isoformat(), *(f"{name}={value}" for name, value in parts.items())])
    return "=" + hmac.digest(settings.SEARCH_KEY, written.encode(), hashlib.sha256).hex()[:32]
