"""Filters of a list: what a person fills in becomes a ``Selection``, and a ``Selection`` is shown as chips.

People write days from–to, both included; a selection holds moments. The list's own fields are turned into the
canonical address first, so that an address sent to a colleague, kept as a view or opened from a figure is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from qianshao.core.org import names
from qianshao.core.org.models import Unit
from qianshao.kernel.clock import last_day
from qianshao.kernel.declare import Kind, fields_of
from qianshao.kernel.figures import BadSelection, Condition, Selection, instant_of
from qianshao.kernel.hours import DAY, SHANGHAI
from qianshao.kernel.lamp import Lamp
from qianshao.kit import telling

SPANS = ("opened", "due", "closed")
OWN = frozenset({"unit_name", *(f"{name}_{end}" for name in SPANS for end in ("from", "to"))})


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the query of the list without it."""

    text: str
    without: str


def canonical(given: QueryDict, on: date) -> str | None:
    """The canonical query when the address came from the filter form, else None; raises ``BadSelection``."""
    if not OWN & given.keys() and all(given.values()):
        return None
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        text = str(value).strip()
        if not text:
            continue
        if name == "unit_name":
            pairs.append(("unit__under", _code(text, on)))
        elif name in OWN:
            pairs.append(_edge(name, text))
        else:
            pairs.append((name, text))
    return urlencode(pairs)


def _code(written: str, on: date) -> str:
    try:
        return names.load().resolve(written, on).unit.code
    except (names.UnknownName, names.AmbiguousName) as error:
        raise BadSelection(str(error)) from error


def _edge(name: str, text: str) -> tuple[str, str]:
    """A day of a span, both ends included. A limit is the midnight after its last day, so it lies one later."""
    span, end = name.split("_")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadSelection(_("“{name}”须为日期，例如 2026-01-31").format(name=name)) from None
    if end == "to" and day < date(2999, 12, 31):
        day += timedelta(days=1)
    op = {"from": "gt" if span == "due" else "gte", "to": "lte" if span == "due" else "lt"}[end]
    return f"{span}_at__{op}", day.isoformat()


def filled(selection: Selection) -> dict[str, str]:
    """What the filter form shows for a selection."""
    found: dict[str, str] = {}
    for condition in selection.where:
        value = condition.value
        if condition.field == "unit" and condition.op in ("under", ""):
            unit = Unit.objects.filter(code=value).first()
            found["unit_name"] = unit.name if unit else ""
        elif isinstance(value, bool):
            found[condition.parameter] = "1" if value else "0"
        elif condition.field.removesuffix("_at") in SPANS and condition.op != "empty":
            name = condition.field.removesuffix("_at")
            moment = instant_of(str(value)).astimezone(SHANGHAI)
            if condition.op in ("gt", "gte"):
                found[f"{name}_from"] = moment.date().isoformat()
            else:
                found[f"{name}_to"] = last_day(moment).isoformat()
        else:
            found[condition.parameter] = ",".join(value) if isinstance(value, tuple) else str(value)
    return found


def chips(selection: Selection, kind: Kind | None) -> list[Chip]:
    """Every condition in words; the kind and the past day have their own places on the page."""
    found = []
    for condition in selection.where:
        rest = tuple(item for item in selection.where if item is not condition)
        left = Selection(selection.kind, rest, selection.as_of)
        found.append(Chip(_said(condition, kind), left.to_query()))
    return found


def channels(kind: Kind | None) -> dict[str, str]:
    """The choices of the channel field, where a kind has one."""
    fields = [item for act in kind.acts for item in fields_of(act.fact)] if kind else []
    options = next((item.options for item in fields if item.name == "channel" and item.options), ())
    return {key: telling.sentence(title) for key, title in options}


def _labels() -> dict[str, str]:
    return {
        "amber_at": _("临期时间"),
        "channel": _("渠道"),
        "closed_at": _("办结"),
        "due_at": _("到期"),
        "lamp": _("灯"),
        "late": _("逾期过"),
        "marks": _("标记"),
        "missed_at": _("首次逾期"),
        "month": _("登记月份"),
        "number": _("编号"),
        "open": _("在办"),
        "opened_at": _("登记"),
        "paused": _("暂停"),
        "phase": _("状态"),
        "place": _("地点"),
        "promised_at": _("承诺时限"),
        "provisional": _("期限暂定"),
        "recorded_at": _("录入"),
        "settled": _("应办结"),
        "step_at": _("环节时限"),
        "step_late": _("环节超时未办"),
        "stream": _("标识"),
        "text": _("搜索"),
        "topic": _("类别"),
        "unit": _("单位"),
    }


def _said(condition: Condition, kind: Kind | None) -> str:
    label, value = _labels().get(condition.field, condition.field), condition.value
    if condition.op == "empty":
        return _("{label}为空").format(label=label) if value else _("{label}不为空").format(label=label)
    if isinstance(value, bool):
        return label if value else _("不是“{label}”").format(label=label)
    if condition.field.endswith("_at"):
        return f"{label} {_edge_said(condition)}"
    texts = [
        _value(condition.field, part, kind) for part in (value if isinstance(value, tuple) else (value,))
    ]
    text = _("、").join(texts)
    how = {
        "not": _("不是 {text}"),
        "has": _("含 {text}"),
        "under": _("{text}及下属"),
        "lt": _("小于 {text}"),
        "lte": _("至 {text}"),
        "gt": _("大于 {text}"),
        "gte": _("自 {text}"),
    }.get(condition.op)
    return f"{label} {how.format(text=text)}" if how else _("{label}：{text}").format(label=label, text=text)


def _edge_said(condition: Condition) -> str:
    """Days as people say them: a limit at a midnight is kept on the day before."""
    moment = instant_of(str(condition.value)).astimezone(SHANGHAI)
    whole = (moment.hour, moment.minute) == (0, 0)
    if condition.op in ("gte", "gt"):
        return _("自 {text}").format(text=telling.moment(moment))
    text = telling.day(moment - DAY) if whole else telling.moment(moment)
    return _("至 {text}").format(text=text)


def _value(field: str, value: str | int, kind: Kind | None) -> str:
    text = str(value)
    match field:
        case "phase" if kind is not None:
            titles = {phase.key: phase.title for phase in kind.phases}
            return telling.sentence(titles.get(text, text))
        case "marks" if kind is not None:
            return telling.sentence(kind.marks.get(text, text))
        case "lamp" if text in set(Lamp):
            return telling.lamp_title(Lamp(text))
        case "channel":
            return channels(kind).get(text, text)
        case "unit":
            unit = Unit.objects.filter(code=text).first()
            return unit.short if unit else text
        case "topic":
            return telling.sentence(
                text
            )  # a kind's own classes have titles; a clerk's words stay as they are
        case "month":
            return f"{text[:4]}-{text[4:]}"
        case _:
            return text


def today(now: datetime) -> date:
    """The day in Shanghai."""
    return now.astimezone(SHANGHAI).date()
