"""Facts from a bare list, as somebody writes them down to ask for a date: names, days, and little else.

Fields a date does not hang on may be left out, even where the form asks for them; nothing unknown is passed
over, because a field misspelt is a date miscounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .declare import Fact, Field, Kind, fields_of
from .hours import SHANGHAI, midnight
from .words import Words, say

_FIRST, _LAST = 1990, 2999
_EMPTY: Mapping[str, Any] = {"number": 0, "flag": False, "day": None, "instant": None}


class BadFacts(ValueError):
    """The list cannot be read; ``words`` say which fact, which field, and what is expected there."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Place:
    """Which fact of the list a complaint is about."""

    number: int
    name: str


def read(kind: Kind, document: Any) -> list[Fact]:
    """The facts of ``{"facts": [{"fact": "Received", "on": "2025-09-25"}, …]}``. Raises ``BadFacts``."""
    if isinstance(document, dict):
        unknown = sorted(set(document) - {"facts", "kind"})
        if unknown:
            raise BadFacts(say("不认识的项 {name}，最外层只有 facts", name=unknown[0]))
        told_kind = document.get("kind", kind.key)
        if told_kind != kind.key:
            raise BadFacts(say("文件写的事项类型不是 {kind}", kind=kind.key))
        document = document.get("facts")
    if not isinstance(document, list) or not document:
        raise BadFacts(say("须为 {shape}，至少一条", shape='{"facts": [{"fact": …, "on": …}, …]}'))
    return [_fact(kind, item, number) for number, item in enumerate(document, 1)]


def _fact(kind: Kind, item: Any, number: int) -> Fact:
    if not isinstance(item, dict) or not isinstance(item.get("fact"), str):
        raise BadFacts(say("第 {n} 条须为对象，并写明 fact", n=number))
    name = item["fact"]
    types = {act.fact.__name__: act.fact for act in kind.acts}
    if name not in types:
        known = "、".join(types)
        raise BadFacts(
            say("第 {n} 条：没有名为 {name} 的记录，可用：{known}", n=number, name=name, known=known)
        )
    fact = types[name]
    declared = {field.name: field for field in fields_of(fact)}
    unknown = sorted(set(item) - declared.keys() - {"fact", "on", "at"})
    if unknown:
        known = "、".join(("on", *declared))
        raise BadFacts(
            say(
                "第 {n} 条 {name}：没有名为 {field} 的字段，可用：{known}",
                n=number,
                name=name,
                field=unknown[0],
                known=known,
            )
        )
    where = Place(number, name)
    values: dict[str, Any] = {"at": _moment(item, where)}
    for field in declared.values():
        given = item.get(field.name)
        if given is None or given == "":
            if f"{name}.{field.name}" in kind.needs:
                raise BadFacts(say("第 {n} 条 {name}：缺少 {field}", n=number, name=name, field=field.name))
            values[field.name] = _EMPTY.get(field.shape, "")
        else:
            values[field.name] = _value(field, given, where)
    return fact(**values)


def _moment(item: Mapping[str, Any], where: Place) -> datetime:
    if "at" in item and "on" in item:
        raise BadFacts(say("第 {n} 条 {name}：on 与 at 只写一个", n=where.number, name=where.name))
    if "at" not in item:
        return midnight(_day("on", item.get("on"), where))
    try:
        moment = datetime.fromisoformat(item["at"])
    except (TypeError, ValueError):
        raise _wrong("at", "2026-01-31T09:30:00+08:00", where) from None
    if not _FIRST <= moment.year <= _LAST:
        raise _wrong("at", "2026-01-31T09:30:00+08:00", where)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def _day(name: str, given: Any, where: Place) -> date:
    try:
        found = date.fromisoformat(given)
    except (TypeError, ValueError):
        raise _wrong(name, "2026-01-31", where) from None
    if len(given) != 10 or not _FIRST <= found.year <= _LAST:
        raise _wrong(name, "2026-01-31", where)
    return found


def _wrong(name: str, expected: str, where: Place) -> BadFacts:
    return BadFacts(
        say(
            "第 {n} 条 {name}：{field} 须写成 {expected}",
            n=where.number,
            name=where.name,
            field=name,
            expected=expected,
        )
    )


def _value(field: Field, given: Any, where: Place) -> Any:
    match field.shape:
        case "day":
            return _day(field.name, given, where)
        case "choice":
            return _choice(field, given, where)
        case "number":
            if type(given) is int and 0 <= given <= field.maximum:
                return given
            raise _wrong(field.name, f"0 … {field.maximum}", where)
        case "flag":
            if isinstance(given, bool):
                return given
            raise _wrong(field.name, "true / false", where)
        case _:
            if isinstance(given, str):
                return given
            raise _wrong(field.name, "“…”", where)


def _choice(field: Field, given: Any, where: Place) -> str:
    keys = [key for key, _title in field.options if key]
    also = dict(field.also) | {title: key for key, title in field.options}
    if isinstance(given, str):
        written = given.strip().lower().replace("-", "_").replace(" ", "_")
        for name in (given, written):
            found = name if name in keys else also.get(name)
            if found:
                return found
    raise _wrong(field.name, " / ".join(keys), where)
