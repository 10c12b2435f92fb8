"""Run an import: batch after batch through the one door, each with its counts in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import EVERYWHERE, Actor, NotAllowed
from qianshao.core.duties import calendars, rulebook, stream
from qianshao.core.duties.door import Delivery, Outcome, Receipt, Refused, Stale, perform_many
from qianshao.core.imports import runs
from qianshao.core.imports.models import ImportRun
from qianshao.core.imports.runs import Fault, Line, Reading
from qianshao.core.org import names
from qianshao.kernel.declare import Fact, fields_of
from qianshao.kernel.words import Words, say
from qianshao.kit.sheets.model import Row, Sheet

from .dating import dated
from .making import Maker, Parsed
from .spec import ImportSpec

BATCH = 1000  # rows in a transaction: one flush to disk costs as much as some fifty rows
Clock = Callable[[], datetime]
NO_LAW = say("核对年份；确实是这一年的，先载入该年的放假通知和规则")
SEE_DUTY = say("看系统里的这件工单；确有出入的，在工单里办理")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows read together, and what each came to before the door saw it."""

    last: Row
    parsed: list[Parsed]
    faults: list[Fault]


def maker(spec: ImportSpec, sheet: Sheet, reading: Reading) -> Maker:
    """What turns this sheet's rows into deliveries, with the units and the calendar as they stand."""
    return Maker(spec, sheet, reading, names.load(), calendars.current())


def batches(rows: Iterator[Row], make: Maker, now: datetime, size: int = BATCH) -> Iterator[Batch]:
    """The rows in batches."""
    while piece := list(islice(rows, size)):
        made = [make(row, now) for row in piece]
        yield Batch(
            last=piece[-1],
            parsed=[item for item in made if isinstance(item, Parsed)],
            faults=[item for item in made if isinstance(item, Fault)],
        )


def importer(spec: ImportSpec, actor: Actor) -> Actor:
    """The actor as an import acts: it may record whatever the rows say, in the name of who started it.

    So the right to import is a right over the whole city; raises ``NotAllowed``.
    """
    if EVERYWHERE not in actor.paths(spec.who):
        raise NotAllowed(_("没有导入“{title}”的权限").format(title=_(spec.title)))
    return replace(actor, everything=True)


def go(
    run: ImportRun,
    spec: ImportSpec,
    sheet: Sheet,
    *,
    actor: Actor,
    clock: Clock,
    beat: Callable[[ImportRun], None],
) -> None:
    """Take the run to its end from where it stands.

    ``beat`` is called between batches and may raise to stop it; the run then stays to be taken up again.
    Raises ``NotAllowed``, ``RunLost`` and ``SheetError``; what was recorded before stays recorded.
    """
    actor = importer(spec, actor)
    runs.take_up(run, clock())
    reading = Reading(run.columns, run.constants, run.source)
    rows = (row for row in sheet.read() if row.number > run.row)
    try:
        beat(run)
        for batch in batches(rows, maker(spec, sheet, reading), clock()):
            _record(run, spec, batch, actor, clock())
            beat(run)
    except runs.RunLost:
        raise
    except BaseException:
        runs.end(run, "stopped", clock())
        raise
    runs.end(run, "done", clock())


def _record(run: ImportRun, spec: ImportSpec, batch: Batch, actor: Actor, now: datetime) -> None:
    """Through the door, with the counts in the same transaction; a row the law cannot date spoils only itself."""
    try:
        _perform(run, batch, actor, now)
    except LookupError:
        _perform(run, _datable(spec, batch), actor, now)
    run.refresh_from_db()


def _datable(spec: ImportSpec, batch: Batch) -> Batch:
    calendar, book = calendars.current(), rulebook.book()
    parsed, faults = [], list(batch.faults)
    for item in batch.parsed:
        found = dated(spec.kind, item, book, calendar)
        if isinstance(found, Words):
            faults.append(Fault(item.row, found, NO_LAW))
        else:
            parsed.append(item)
    return Batch(batch.last, parsed, faults)


def _perform(run: ImportRun, batch: Batch, actor: Actor, now: datetime) -> None:
    def note(outcomes: list[Outcome]) -> None:
        taken, refused = _sorted_out(batch.parsed, outcomes)
        faults = sorted([*batch.faults, *refused], key=lambda fault: fault.row)
        runs.advance(run, row=batch.last.number, line=batch.last.line, taken=taken, faults=faults, now=now)

    deliveries = [delivery for item in batch.parsed for delivery in item.deliveries]
    perform_many(deliveries, actor=actor, now=now, src="import", then=note)


def _sorted_out(parsed: Sequence[Parsed], outcomes: Sequence[Outcome]) -> tuple[list[Line], list[Fault]]:
    taken: list[Line] = []
    refused: list[Fault] = []
    answers = iter(outcomes)
    for item in parsed:
        found = list(islice(answers, len(item.deliveries)))
        no = next((answer for answer in found if isinstance(answer, Refused | Stale)), None)
        if no is not None:
            refused.append(Fault(item.row, _words(no), SEE_DUTY))
        else:
            taken.append(_line(item, [answer for answer in found if isinstance(answer, Receipt)]))
    return taken, refused


def _words(no: Refused | Stale) -> Words:
    return no.words if isinstance(no, Refused) else say("这件工单刚刚被别人办理过")


def _line(item: Parsed, receipts: Sequence[Receipt]) -> Line:
    if any(receipt.changed for receipt in receipts):
        return Line(item.row, item.stream, "changed", differences(item)[:200])
    return Line(item.row, item.stream, outcome_of([receipt.repeated for receipt in receipts]))


def outcome_of(repeated: Sequence[bool]) -> str:
    """New when the opening fact is, updated when a later one is, else known."""
    if not repeated[0]:
        return "new"
    return "known" if all(repeated) else "updated"


def differences(item: Parsed) -> str:
    """The labels of the fields in which a row differs from what its own delivery recorded before."""
    (there,) = stream.load({item.stream}, lock=False)
    found: dict[str, None] = {}
    for delivery in item.deliveries:
        before = recorded(there, delivery)
        if before is not None:
            found.update(dict.fromkeys(_differing(before, delivery.fact)))
    return _("、").join(found)


def recorded(there: stream.Stream, delivery: Delivery) -> Fact | None:
    """The fact that a delivery of the same source recorded in this stream."""
    wanted = type(delivery.fact).__name__
    for body, item in zip(there.bodies, there.facts, strict=True):
        if body.src == "import" and body.fact == wanted:
            return item.fact
    return None


def _differing(before: Fact, after: Fact) -> Iterator[str]:
    if before.at != after.at:
        yield "时间"
    for item in fields_of(type(after)):
        if getattr(before, item.name) != getattr(after, item.name):
            yield item.label
