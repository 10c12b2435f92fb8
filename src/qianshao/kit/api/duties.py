"""Duties as the pages show them: the list with its filters and pages, and one with its facts and its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.kernel.figures import BadSelection, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.duties import doing, timeline, titles
from qianshao.kit.duties.asking import PASSED, duty_of
from qianshao.kit.duties.why import why
from qianshao.kit.queries import figures, lists
from qianshao.kit.staff import StaffRequest

from .shapes import DutyOut, EntryOut, ListOut, OneOut, SegmentOut, ValueOut, WhyOut

calls = Router()

_MOST = 200


def _selection(request: StaffRequest) -> Selection:
    return Selection.from_query(
        request.META.get("QUERY_STRING", ""), figures.VOCABULARY, ignore=(*PASSED, "size")
    )


@calls.get(
    "/duties",
    response=ListOut,
    summary=gettext_noop("事项列表：筛选、排序、翻页"),
    description=gettext_noop(
        "筛选与网页相同：kind、phase、lamp、unit__under、due_at__lt、as_of 等；用 after 翻页。"
    ),
)
def duties(request: HttpRequest, sort: str = lists.USUAL, after: str = "", size: int = lists.SIZE) -> ListOut:
    """The list of the pages: the same filters (``kind``, ``phase``, ``due_at__lt``, ``as_of`` …) and sorts."""
    asked = cast(StaffRequest, request)
    if not 1 <= size <= _MOST:
        raise BadSelection(
            _("“{name}”须为 1 至 {most} 的整数").format(name="size", most=_MOST),
        )
    selection = _selection(asked)
    found = lists.page(selection, asked.actor, asked.now, sort=sort, after=after, size=size)
    now = figures.Moment(asked.now, past=False)
    named = titles.titles(lists.with_units(found.duties, now), asked.actor)
    moment = figures.moment_of(selection, asked.now)
    shown = lists.with_units(found.duties, moment) if moment.past else found.duties
    count, exact = lists.count(selection, asked.actor, asked.now)
    made = [DutyOut(**_duty_out(duty, named[duty.stream], moment.at)) for duty in shown]
    return ListOut(duties=made, after=found.after, count=count, count_exact=exact)


def _duty_out(duty: Duty, title: titles.Title, at: datetime) -> dict[str, Any]:
    kind = registry.kind(duty.kind)
    same = {name: getattr(duty, name) for name in _SAME}
    return (
        same
        | {
            "title": title.text,
            "title_sealed": title.sealed,
            "phase_title": telling.sentence(kind.phase(duty.phase).title),
            "lamp": telling.lamp_of(duty, at).value,
            "unit": duty.unit.code if duty.unit else None,
        }
        | {name: _local(getattr(duty, name)) for name in _INSTANTS}
    )


_SAME = [
    "stream",
    "kind",
    "number",
    "phase",
    "open",
    "paused",
    "place",
    "topic",
    "channel",
    "provisional",
    "version",
]
_INSTANTS = ["opened_at", "due_at", "amber_at", "promised_at", "closed_at", "missed_at"]


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment else None


@calls.get(
    "/duties/{stream}",
    response=OneOut,
    summary=gettext_noop("一件事项：经过、时限、可办操作"),
    description=gettext_noop("与事项页面所示相同。"),
)
def duty(request: HttpRequest, stream: str) -> OneOut:
    """What the page of the duty shows."""
    asked = cast(StaffRequest, request)
    found, kind = duty_of(stream, asked.actor)
    (read,) = load([found.stream], lock=False)
    reader = titles.reader(found, kind, asked.actor)
    return OneOut(
        **_duty_out(found, titles.titles([found], asked.actor)[found.stream], asked.now),
        entries=[_entry_out(entry) for entry in timeline.told(read, reader)],
        why=_why_out(why(read)),
        acts=[act.fact.__name__ for act in doing.acts_on(found, kind, asked.actor)],
    )


def _entry_out(entry: timeline.Told) -> EntryOut:
    return EntryOut(
        entry=entry.sseq,
        fact=entry.fact,
        title=entry.title,
        happened_at=entry.at,
        recorded_at=entry.recorded_at,
        recorded_late=entry.late_record,
        by=entry.by,
        post=entry.post,
        unit=entry.unit,
        voided_by=entry.voided_by or None,
        values=[ValueOut(label=v.label, text=v.text, sealed=v.sealed, hidden=v.hidden) for v in entry.values],
        files=[{"name": f["n"], "sha256": f["sha256"], "bytes": f["bytes"]} for f in entry.body.files],
        hash=entry.hash,
        leaf=entry.leaf,
    )


def _why_out(told: Any) -> WhyOut:
    deadline = told.deadline
    return WhyOut(
        until=deadline.until,
        amber_at=deadline.amber_at,
        promised_until=deadline.promised_until,
        provisional=deadline.provisional,
        rule=told.rule.title if told.rule else None,
        article=str(told.rule.rule.citation) if told.rule else None,
        edition=told.rule.edition if told.rule else None,
        status=told.status or None,
        segments=[
            SegmentOut(
                since=segment.since,
                until=segment.until,
                counted=segment.counted,
                amount=segment.amount,
                unit=segment.unit.value,
                why=telling.sentence(segment.why),
                article=segment.article,
                provisional=segment.provisional,
            )
            for segment in deadline.segments
        ],
    )
