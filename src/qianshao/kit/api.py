"""The JSON API: the same doors, filters and figures as the pages, for programs that sign in as somebody.

Errors are problem documents (RFC 9457) whose ``detail`` is the sentence a page would show. A program shows a token of
its owner (``Authorization: Bearer …``, RFC 6750); whoever is signed in through the browser's session may use it as well,
and what writes then also needs the CSRF token.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Body, Field, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.duties.door import Receipt, Refused, Stale
from qianshao.core.duties.models import Duty
from qianshao.core.duties.seeing import path_of
from qianshao.core.duties.stream import load
from qianshao.core.ledger.gate import Unavailable
from qianshao.core.org import units
from qianshao.kernel.declare import Kind, fields_of
from qianshao.kernel.figures import BadSelection, Selection
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling
from qianshao.kit.duties import doing, figure, timeline, titles
from qianshao.kit.duties.asking import PASSED, duty_of
from qianshao.kit.duties.why import why
from qianshao.kit.queries import figures, lists
from qianshao.kit.staff import StaffRequest

from .describing import Described, problem, stranger
from .facts_json import BadBody, fact_of

_MOST = 200


class Session(SessionAuth):
    """Whoever the middleware let in by the browser's session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        """The actor of the request, None when nobody is signed in."""
        return None if cast(StaffRequest, request).by_token else getattr(request, "actor", None)


class ByToken(HttpBearer):
    """Whoever the middleware let in by a token; no browser sends it by itself, so no CSRF token is needed."""

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """The actor of the request."""
        return getattr(request, "actor", None)


api = Described(
    title="前哨 API",
    version="1",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=[ByToken(), Session(csrf=True)],
)


_BODY: Any = Body(  # type: ignore[type-arg] # its stub says class, the call is a function
    ..., description=gettext_noop("事实的字段，按名称；at 为发生时间，expected 为所见版本")
)


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


def _selection(request: StaffRequest) -> Selection:
    return Selection.from_query(
        request.META.get("QUERY_STRING", ""), figures.VOCABULARY, ignore=(*PASSED, "size")
    )


@api.get(
    "/kinds",
    response=list[KindOut],
    summary=gettext_noop("事项类型、操作与字段"),
    description=gettext_noop("账号可以查看的全部声明。"),
)
def kinds(request: HttpRequest) -> list[KindOut]:
    """Everything declared that this actor may read."""
    actor = cast(StaffRequest, request).actor
    return [
        KindOut(
            key=kind.key,
            title=telling.sentence(kind.title),
            law=kind.law,
            phases={phase.key: telling.sentence(phase.title) for phase in kind.phases},
            acts=[_act_out(kind, number, actor) for number in range(len(kind.acts))],
            figures=[indicator.key for indicator in kind.indicators],
        )
        for kind in registry.kinds().values()
        if actor.paths(kind.reads)
    ]


def _act_out(kind: Kind, number: int, actor: Actor) -> ActOut:
    act = kind.acts[number]
    fields = [
        FieldOut(
            name=item.name,
            label=telling.sentence(item.label),
            shape=item.shape,
            required=item.required,
            sealed=item.sealed,
            options={key: telling.sentence(title) for key, title in item.options},
            maximum=item.maximum,
            hint=telling.sentence(item.hint),
        )
        for item in fields_of(act.fact)
    ]
    return ActOut(
        fact=act.fact.__name__,
        title=telling.sentence(act.title),
        opens=act.opens,
        evidence=act.evidence,
        allowed=actor.may(act.who),
        fields=fields,
    )


@api.get(
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


@api.get(
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


@api.post(
    "/kinds/{kind}/acts/{fact}",
    response=ReceiptOut,
    summary=gettext_noop("登记一件事项"),
    description=gettext_noop("请求头 Idempotency-Key 相同的请求只记录一次。"),
)
def open_duty(request: HttpRequest, kind: str, fact: str, body: dict[str, Any] = _BODY) -> ReceiptOut:
    """Record the opening fact; the ``Idempotency-Key`` header makes a repeated sending harmless."""
    try:
        found = registry.kind(kind)
    except registry.UnknownKind:
        raise Http404 from None
    return _record(cast(StaffRequest, request), found, fact, body, None)


@api.post(
    "/duties/{stream}/acts/{fact}",
    response=ReceiptOut,
    summary=gettext_noop("办理一件事项"),
    description=gettext_noop("at 不填为现在；expected 为所见版本，别人先办理过时返回 409。"),
)
def act(request: HttpRequest, stream: str, fact: str, body: dict[str, Any] = _BODY) -> ReceiptOut:
    """Record a fact. ``at`` is when it happened (now when left out), ``expected`` the version last seen."""
    asked = cast(StaffRequest, request)
    found, kind = duty_of(stream, asked.actor)
    return _record(asked, kind, fact, body, found)


def _record(
    request: StaffRequest, kind: Kind, name: str, body: dict[str, Any], found: Duty | None
) -> ReceiptOut:
    try:
        chosen = kind.act(name)
    except LookupError:
        raise Http404 from None
    if not (chosen.follows if found else chosen.opens):
        raise Http404
    if not request.actor.may(chosen.who, path_of(found) if found else None):
        raise NotAllowed(_("没有“{act}”的权限").format(act=telling.sentence(chosen.title)))
    if chosen.evidence == "must":
        raise BadBody(_("“{act}”须附佐证，请在网页上办理。").format(act=telling.sentence(chosen.title)))
    token = request.headers.get("Idempotency-Key", "")
    if len(token) > 200:
        raise BadBody(_("“{name}”最多 200 个字符").format(name="Idempotency-Key"))
    expected = body.pop("expected", None)
    if expected is not None and (type(expected) is not int or not 0 <= expected < 10**9):
        raise BadBody(_("“{name}”须为整数").format(name="expected"))
    receipt = doing.record(
        kind=kind,
        fact=fact_of(chosen.fact, body, request.now),
        actor=request.actor,
        now=request.now,
        src="api",
        duty=found,
        token=token,
        expected=expected,
    )
    return _receipt_out(receipt)


def _receipt_out(receipt: Receipt) -> ReceiptOut:
    return ReceiptOut(
        stream=receipt.stream,
        entry=receipt.sseq,
        hash=receipt.leaf,
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        changed=receipt.changed,
    )


@api.get(
    "/figures",
    response=dict[str, str],
    summary=gettext_noop("指标一览"),
    description=gettext_noop("账号可以查看的指标。"),
)
def figure_keys(request: HttpRequest) -> dict[str, str]:
    """Every figure this actor may ask for."""
    actor = cast(StaffRequest, request).actor
    return {
        key: telling.sentence(indicator.title)
        for key, (kind, indicator) in figure.indicators().items()
        if actor.paths(kind.reads)
    }


@api.get(
    "/figures/{key}",
    response=FigureOut,
    summary=gettext_noop("一个指标：按单位、按月份"),
    description=gettext_noop("可用 unit、since、until（含当日）、as_of 限定范围。"),
)
def one_figure(request: HttpRequest, key: str) -> FigureOut:
    """``unit``, ``since``, ``until`` (last day, included) and ``as_of`` narrow it."""
    asked = cast(StaffRequest, request)
    _kind, indicator = figure.readable(key, asked.actor)
    scope = figure.scope_of(asked)
    made = figure.work_out(indicator, scope, asked.actor, asked.now)
    per_unit = figure.by_unit(made, asked.actor, asked.now)
    per_month = figure.by_month(made, asked.actor, asked.now)
    return FigureOut(
        key=key,
        title=telling.sentence(indicator.title),
        formula=telling.sentence(indicator.formula),
        value=made.value,
        of=made.of,
        rate=made.basis_points / 100 if made.basis_points is not None else None,
        query=made.because.to_query(),
        of_query=made.base.to_query() if made.base else None,
        left_out=[
            LeftOut(why=telling.sentence(words), count=n, query=selection.to_query())
            for words, n, selection in made.left_out
        ],
        by_unit={line.name: [line.figure.value, line.figure.of] for line in per_unit},
        by_month={line.name: [line.figure.value, line.figure.of] for line in per_month},
    )


@api.exception_handler(BadSelection)
@api.exception_handler(BadBody)
def _bad(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(400, _("请求无法识别"), telling.refusal(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [".".join(str(part) for part in item["loc"]) for item in error.errors]
    return problem(400, _("请求无法识别"), _("这些参数不合要求：{names}").format(names=_("、").join(places)))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    told = (
        _("请求的内容不是 JSON") if error.status_code == 400 else str(error)
    )  # ninja's only one, in English
    return problem(error.status_code, _("请求无法识别"), told)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(422, _("规则不允许"), telling.sentence(error.words))


@api.exception_handler(Stale)
def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
    since = [{"entry": body.sseq, "fact": body.fact, "recorded_at": body.rec} for body in error.since]
    return problem(409, _("别人刚刚办理过"), str(error), version=error.duty.version, since=since)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return stranger()


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return problem(403, _("没有权限"), str(error))


@api.exception_handler(Unavailable)
def _unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    return problem(503, _("暂时不能写入"), str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, _("没有找到"), _("这里没有内容，或不在您的查看范围内。"))


@api.exception_handler(units.UnknownUnit)
def _no_unit(request: HttpRequest, error: units.UnknownUnit) -> HttpResponse:
    return problem(400, _("请求无法识别"), _("没有编码为“{code}”的单位").format(code=error))
