"""Facts from JSON: the declared fields by name, nothing else, every mistake named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.org import units
from qianshao.kernel.declare import Fact, Field, fields_of
from qianshao.kernel.hours import SHANGHAI

_FIRST, _LAST = 1900, 2999
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # no database takes the one, no encoding half a character


class BadBody(ValueError):
    """The body does not hold the fields of the fact; says which one and what is expected."""


def fact_of(fact: type[Fact], body: Mapping[str, Any], now: datetime) -> Fact:
    """The fact a JSON body tells; ``at`` left out is now. Raises ``BadBody``."""
    declared = {item.name: item for item in fields_of(fact)}
    strange = sorted(set(body) - declared.keys() - {"at"})
    if strange:
        known = _("、").join(("at", *declared))
        raise BadBody(_("没有名为“{name}”的字段，可用：{known}").format(name=strange[0], known=known))
    values: dict[str, Any] = {
        "at": _instant("at", body["at"]) if "at" in body else now.replace(microsecond=0)
    }
    for name, item in declared.items():
        given = body.get(name)
        if given is None or given == "":
            if item.required:
                raise BadBody(_("缺少字段“{name}”（{label}）").format(name=name, label=item.label))
            continue
        values[name] = _READERS[item.shape](item, given)
    return fact(**values)


def _wrong(name: str, expected: str) -> BadBody:
    return BadBody(_("“{name}”须为{expected}").format(name=name, expected=expected))


def _text(item: Field, given: Any) -> str:
    if not isinstance(given, str) or len(given) > item.maximum or _NO_TEXT.search(given):
        raise _wrong(item.name, _("不超过 {n} 字的文字").format(n=item.maximum))
    return given.strip()


def _choice(item: Field, given: Any) -> str:
    keys = [key for key, _title in item.options]
    if given not in keys:
        raise _wrong(item.name, _("、").join(key for key in keys if key))
    return str(given)


def _number(item: Field, given: Any) -> int:
    if type(given) is not int or not 0 <= given <= item.maximum:
        raise _wrong(item.name, _("0 至 {n} 的整数").format(n=item.maximum))
    return given


def _day(item: Field, given: Any) -> date:
    try:
        day = date.fromisoformat(given)
    except (TypeError, ValueError):
        raise _wrong(item.name, _("日期（2026-01-31）")) from None
    if not _FIRST <= day.year <= _LAST:
        raise _wrong(item.name, _("日期（2026-01-31）"))
    return day


def _instant(name: str, given: Any) -> datetime:
    expected = _("时刻（2026-01-31T09:30:00+08:00）")
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise _wrong(name, expected) from None
    if not _FIRST <= moment.year <= _LAST:
        raise _wrong(name, expected)
    local = moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
    return local.replace(microsecond=0)


def _unit(item: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise _wrong(item.name, _("单位编码"))
    try:
        units.known(given)
    except units.UnknownUnit:
        raise BadBody(_("没有编码为“{code}”的单位").format(code=given)) from None
    return given


def _flag(item: Field, given: Any) -> bool:
    if not isinstance(given, bool):
        raise _wrong(item.name, "true / false")
    return given


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long": _text,
    "choice": _choice,
    "number": _number,
    "day": _day,
    "instant": lambda item, given: _instant(item.name, given),
    "unit": _unit,
    "units": _text,
    "duty": _text,
    "flag": _flag,
}
