"""What the API answers: one schema for each thing it tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop
from ninja import Field, Schema


class DutyOut(Schema):
    """A duty as it stands, or stood on the day asked about."""

    stream: str
    kind: str
    number: str
    title: str
    title_sealed: bool = Field(description=gettext_noop("标题为代称：真实标题已封存或已依法删除"))
    phase: str
    phase_title: str
    lamp: str = Field(description=gettext_noop("green、amber、red、grey、done、late 之一"))
    open: bool
    paused: bool
    unit: str | None = Field(description=gettext_noop("责任单位编码"))
    place: str
    topic: str
    channel: str
    opened_at: datetime
    due_at: datetime | None = Field(description=gettext_noop("期限结束的时刻（不含）；暂停时为空"))
    amber_at: datetime | None
    promised_at: datetime | None
    closed_at: datetime | None
    missed_at: datetime | None
    provisional: bool
    version: int = Field(description=gettext_noop("最后一条记录的序号，办理时作为 expected 送回"))


class ListOut(Schema):
    """A page of duties; ``after`` opens the next one, empty at the end."""

    duties: list[DutyOut]
    after: str
    count: int
    count_exact: bool


class ValueOut(Schema):
    """One field of a fact as this reader may see it."""

    label: str
    text: str
    sealed: bool
    hidden: bool


class EntryOut(Schema):
    """One recorded fact."""

    entry: int
    fact: str
    title: str
    happened_at: datetime
    recorded_at: datetime
    recorded_late: bool
    by: str
    post: str
    unit: str
    voided_by: int | None
    values: list[ValueOut]
    files: list[dict[str, Any]]
    hash: str
    leaf: int | None


class SegmentOut(Schema):
    """A stretch of the clock's story."""

    since: datetime
    until: datetime
    counted: bool
    amount: int
    unit: str
    why: str
    article: str
    provisional: bool


class WhyOut(Schema):
    """Why this date."""

    until: datetime | None
    amber_at: datetime | None
    promised_until: datetime | None
    provisional: bool
    rule: str | None
    article: str | None
    edition: str | None
    status: str | None
    segments: list[SegmentOut]


class OneOut(DutyOut):
    """A duty with its facts, its clock and the acts this actor holds the right to."""

    entries: list[EntryOut]
    why: WhyOut
    acts: list[str]


class FieldOut(Schema):
    """A field an act takes."""

    name: str
    label: str
    shape: str
    required: bool
    sealed: bool
    options: dict[str, str]
    maximum: int
    hint: str


class ActOut(Schema):
    """An act and its fields."""

    fact: str
    title: str
    opens: bool
    evidence: str
    allowed: bool
    fields: list[FieldOut]


class KindOut(Schema):
    """A kind of duty this actor may read."""

    key: str
    title: str
    law: str
    phases: dict[str, str]
    acts: list[ActOut]
    figures: list[str]


class ReceiptOut(Schema):
    """What proves that a fact was recorded."""

    stream: str
    entry: int
    hash: str
    recorded_at: datetime
    repeated: bool
    changed: bool = Field(description=gettext_noop("同一标识此前送来的内容不同，以此前的为准"))


class LeftOut(Schema):
    """What a denominator leaves out."""

    why: str
    count: int
    query: str


class FigureOut(Schema):
    """A figure with the queries of exactly the duties behind each number."""

    key: str
    title: str
    formula: str
    value: int
    of: int | None
    rate: float | None = Field(description=gettext_noop("百分比，两位小数；没有可计算的事项时为空"))
    query: str
    of_query: str | None
    left_out: list[LeftOut]
    by_unit: dict[str, list[int | None]]
    by_month: dict[str, list[int | None]]
