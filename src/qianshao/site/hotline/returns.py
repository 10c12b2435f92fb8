"""The ledger of returns over a span of days: by unit, by reason, and line by line."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import Numbered, counted
from qianshao.core.duties.stream import bodies_of, fact_of
from qianshao.core.ledger import rows as ledger_rows
from qianshao.core.org.models import Unit
from qianshao.kernel.figures import Condition, Scope, Selection, scoped
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kit import telling
from qianshao.kit.queries import figures
from qianshao.modules.hotline.facts import JUDGED, RETURN_REASONS
from qianshao.modules.hotline.module import ORDER
from qianshao.modules.hotline.returns import Kicked, kicked
from qianshao.site.oversight.figures import Opened, Reader

MOST = 2000  # orders whose returns are read line by line; the counts hold all


@dataclass(frozen=True)
class Entry:
    """A return with the order it is about."""

    duty: Duty
    kicked: Kicked
    unit: str
    rather: str

    @property
    def reason(self) -> str:
        """Why the unit did not want it."""
        return telling.sentence(RETURN_REASONS[self.kicked.reason])

    @property
    def result(self) -> str:
        """What the hotline said; empty while it has not."""
        return telling.sentence(JUDGED[self.kicked.result]) if self.kicked.result else ""

    @property
    def held(self) -> float | None:
        """Hours from dispatch to return."""
        return hours(self.kicked.held)

    @property
    def waited(self) -> float | None:
        """Hours from return to judgement."""
        return hours(self.kicked.waited)


@dataclass(frozen=True)
class Row:
    """What a unit kicked back: orders, and how long it held them (median of hours)."""

    title: str
    returned: Opened
    upheld: Opened
    refused: Opened
    pending: Opened
    has: Opened
    held: float | None


@dataclass(frozen=True)
class Ledger:
    """The returns of a span. ``whole`` counts orders; ``cut`` when the lines do not hold all of them."""

    whole: Opened
    rows: tuple[Row, ...]
    reasons: tuple[tuple[str, Opened], ...]
    entries: tuple[Entry, ...]
    cut: bool


def hours(span: timedelta | None) -> float | None:
    """Hours with one decimal."""
    return None if span is None else round(span / timedelta(hours=1), 1)


def selection(scope: Scope, *marks: str) -> Selection:
    """Orders of a scope of which all these marks are true."""
    return scoped(ORDER.key, scope, *(Condition("marks", "", mark) for mark in marks))


def ledger(scope: Scope, reader: Reader) -> Ledger:
    """Read the ledger; the lines are the latest ``MOST`` orders', newest first."""
    returned = selection(scope, "returned")
    found = figures.queryset(returned, reader.actor, reader.now).select_related("unit")
    duties = list(found.order_by("-opened_at", "-id")[: MOST + 1])
    names = dict(Unit.objects.values_list("code", "short"))
    entries = _entries(duties[:MOST], names)
    held: defaultdict[str, list[float]] = defaultdict(list)
    times: Counter[str] = Counter()
    for entry in entries:
        times[entry.kicked.unit] += 1
        if entry.held is not None:
            held[entry.kicked.unit].append(entry.held)
    rows = []
    for code in sorted(times, key=lambda code: (-times[code], code)):
        returned_by, upheld, refused, pending = (
            reader.count(selection(scope, f"{mark}_by_{code}"))
            for mark in ("returned", "returned_upheld", "returned_refused", "returned_pending")
        )
        has = reader.count(scoped(ORDER.key, scope, Condition("unit", "", code)))
        middle = round(median(held[code]), 1) if held[code] else None
        rows.append(Row(names.get(code, code), returned_by, upheld, refused, pending, has, middle))
    reasons = tuple(
        (telling.sentence(title), reader.count(selection(scope, f"returned_for_{key}")))
        for key, title in RETURN_REASONS.items()
    )
    return Ledger(reader.count(returned), tuple(rows), reasons, tuple(entries), len(duties) > MOST)


def _entries(duties: list[Duty], names: dict[str, str]) -> list[Entry]:
    """The returns of these orders from their entries; nothing sealed is opened."""
    facts: defaultdict[str, list[Numbered]] = defaultdict(list)
    for piece in ledger_rows.chunks([duty.stream for duty in duties]):
        for stream, sseq, raw in bodies_of(piece):
            facts[stream].append(Numbered(sseq, fact_of(ORDER, Body.from_body(raw), {})))
    found = []
    for duty in duties:
        for one in kicked(ORDER.fold(counted(facts[duty.stream]))):
            found.append(Entry(duty, one, names.get(one.unit, one.unit), names.get(one.rather, one.rather)))
    return found
