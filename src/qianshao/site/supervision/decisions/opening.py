"""From the corrected form to items: every ticked one is opened through the door together, or none is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, Outcome, Receipt, perform_many
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import fields_of
from qianshao.kernel.words import say
from qianshao.kit import telling
from qianshao.modules.supervision.items import facts as f
from qianshao.modules.supervision.reading.matching import Known, match

from .suggesting import Row
from .taking import Carried, Noted

ITEM = "supervision.item"
_MOST = {item.name: item.maximum for item in fields_of(f.Assigned)}
_STOP = re.compile(r"[。；;\n]")
_YEARS = range(1900, 3000)


class Unfit(ValueError):
    """A row cannot become an item; the sentence says why."""


class NotOpened(Exception):
    """Nothing was opened: the rows say why."""


@dataclass(frozen=True, slots=True)
class Made:
    """An item that stands now. ``repeated``: it stood before; ``differs``: the form said something else."""

    duty: Duty
    n: int
    repeated: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for all items of a decision."""

    origin: str
    rhythm: str


def rows_of(post: QueryDict, carried: Carried) -> list[Row]:
    """The form as it was sent, beside what was read."""

    def sent(name: str, n: int) -> str:
        return post.get(f"{name}-{n}", "").replace("\x00", "").strip()

    return [
        Row(
            n=n,
            noted=noted,
            take=f"take-{n}" in post,
            label=sent("label", n),
            text=sent("text", n),
            lead=sent("lead", n),
            co=sent("co", n),
            guide=sent("guide", n),
            phrase=sent("phrase", n),
            due=sent("due", n),
            open_list=f"open-{n}" in post,
        )
        for n, noted in enumerate(carried.items, 1)
    ]


def source_of(key: str, noted: Noted, code: str) -> str:
    """The key of an item; each of several units that the source means together has its own, also when chosen alone."""
    together = (value.split(",") for value in noted.candidates if "," in value)
    return f"{key}:{code}" if any(code in codes for codes in together) else key


def open_items(
    rows: Sequence[Row],
    carried: Carried,
    text: str,
    common: Common,
    *,
    known: Sequence[Known],
    units: Mapping[str, Unit],
    actor: Actor,
    now: datetime,
) -> list[Made]:
    """Open an item for each ticked row in one transaction; raises ``NotOpened`` with the reasons in the rows."""
    deliveries: list[tuple[Row, Delivery]] = []
    keys = carried.sources(text)
    for row in rows:
        if not row.take:
            continue
        try:
            deliveries += [
                (row, one) for one in _deliveries(row, carried, text, keys, common, known, units, now)
            ]
        except Unfit as unfit:
            row.error = str(unfit)
    if any(row.error for row in rows):
        raise NotOpened
    owners = [row for row, _delivery in deliveries]

    def all_or_none(outcomes: list[Outcome]) -> None:
        for row, outcome in zip(owners, outcomes, strict=True):
            if isinstance(outcome, Exception):
                row.error = telling.refusal(outcome)
        if any(row.error for row in owners):
            raise NotOpened

    outcomes = perform_many(
        [one for _row, one in deliveries], actor=actor, now=now, src="web", then=all_or_none
    )
    return _made(deliveries, [one for one in outcomes if isinstance(one, Receipt)])


def _made(deliveries: Sequence[tuple[Row, Delivery]], receipts: Sequence[Receipt]) -> list[Made]:
    streams = [receipt.stream for receipt in receipts]
    duties = {duty.stream: duty for duty in Duty.objects.filter(stream__in=streams).select_related("unit")}
    before = {one.key: one.facts[0].fact for one in load(set(streams), lock=False)}
    return [
        Made(
            duty=duties[receipt.stream],
            n=row.n,
            repeated=receipt.repeated,
            differs=receipt.repeated
            and replace(delivery.fact, at=before[receipt.stream].at) != before[receipt.stream],
        )
        for (row, delivery), receipt in zip(deliveries, receipts, strict=True)
    ]


def _deliveries(
    row: Row,
    carried: Carried,
    text: str,
    keys: Sequence[str],
    common: Common,
    known: Sequence[Known],
    units: Mapping[str, Unit],
    now: datetime,
) -> list[Delivery]:
    leads = [code for code in row.lead.split(",") if code]
    if not leads:
        raise Unfit(_("没有选牵头单位。"))
    if any(code not in units for code in leads):
        raise Unfit(_("选的牵头单位不在本市单位里，请重新选。"))
    if not row.text:
        raise Unfit(_("任务内容是空的。"))
    kind = registry.kind(ITEM)
    fact = f.Assigned(
        at=now.replace(microsecond=0),
        title=_fits(
            "title", _STOP.split(row.text, maxsplit=1)[0][: _MOST["title"]] or row.text[: _MOST["title"]]
        ),
        body=_body(row, text),
        reference=reference_of(carried),
        label=_fits("label", row.label),
        unit=leads[0],
        co_units=_fits("co_units", ",".join(_units(row.co, known, leads))),
        guide_units=_fits("guide_units", ",".join(_units(row.guide, known, []))),
        open_list=row.open_list,
        phrase=_fits("phrase", row.phrase),
        due=_day(row.due),
        rhythm=common.rhythm,
        origin=common.origin,
    )
    return [
        Delivery(
            kind=kind,
            fact=replace(fact, unit=code),
            source=source_of(keys[row.n - 1], row.noted, code),
            files=carried.files(),
        )
        for code in leads
    ]


def reference_of(carried: Carried) -> str:
    """《…方案》刺政发〔2025〕8号, the title cut where both would not fit."""
    room = _MOST["reference"] - len(carried.number) - 2
    title = carried.title if len(carried.title) <= room else carried.title[: max(room - 1, 0)] + "…"
    return (f"《{title}》" if title else "") + carried.number


def _body(row: Row, text: str) -> str:
    """The task and the words it stands in, with their place in the text that is attached."""
    quoted = text[row.noted.start : row.noted.end].strip()
    place = str(
        say(
            "原文（读出文字第 {a} 至 {b} 字）：{quoted}",
            a=row.noted.start + 1,
            b=row.noted.end,
            quoted=quoted,
        )
    )
    if len(row.text) > _MOST["body"]:
        raise Unfit(_("任务内容超过 {n} 字，请缩短。").format(n=_MOST["body"]))
    body = f"{row.text}\n\n{place}"
    return body if len(body) <= _MOST["body"] else body[: _MOST["body"] - 1] + "…"


def _fits(name: str, value: str) -> str:
    most = _MOST[name]
    if most and len(value) > most:
        label = next(item.label for item in fields_of(f.Assigned) if item.name == name)
        raise Unfit(_("“{label}”太长，请缩短或者拆成几项。").format(label=_(label)))
    return value


def _units(names: str, known: Sequence[Known], without: Sequence[str]) -> list[str]:
    """The codes of units written with 、 between them; raises ``Unfit`` for a name that is nobody's or several's."""
    codes: list[str] = []
    for name in re.split(r"[、，,；;\s]+", names):
        if not name:
            continue
        found = match(name, known)
        if found.sure not in ("sure", "likely"):
            why = telling.sentence(found.because)
            raise Unfit(_("单位“{name}”对不上：{why}请改写或者删去。").format(name=name[:40], why=why))
        codes += found.keys
    return [code for code in dict.fromkeys(codes) if code not in without]


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise Unfit(_("办结期限不是日期，请写成 2026-01-31。")) from None
    if day.year not in _YEARS:
        raise Unfit(_("办结期限不是日期，请写成 2026-01-31。"))
    return day
