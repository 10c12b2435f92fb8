"""What the registers say for a yearly report: requests and cases as records that can be counted and opened.

A case before the review body or the court hangs at the request it is about, so a suit with the review body as
co-defendant is counted once, for the body that replied (国办公开办函〔2016〕201号).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qianshao.kernel.hours import SHANGHAI

from ..requests.facts import Judged, ReviewDecided
from ..requests.outcomes import APPLICANTS
from ..requests.state import Request as State
from ..yearly.facts import AMOUNT, TABLE_TWO, Compiled
from .compute import Case, Entries, Request
from .numerals import Number

UNTOLD = "person"  # the column of a request whose register does not say who asked; told beside the tables


@dataclass(frozen=True, slots=True)
class Record:
    """One duty of the register: its key, its number, the unit's name, and how it stands."""

    stream: str
    number: str
    unit: str
    state: State

    @property
    def applicant(self) -> str:
        """What kind of applicant asked, in words; empty where the register does not say."""
        return APPLICANTS.get(self.state.received.applicant_kind, "")


@dataclass(frozen=True)
class Register:
    """Everything a year's tables three and four are counted from; ``records`` by their streams.

    ``untold`` are the streams of requests whose register does not say what kind of applicant asked.
    """

    requests: tuple[Request, ...]
    cases: tuple[Case, ...]
    fees: Mapping[int, Decimal]
    records: Mapping[str, Record] = field(repr=False)
    untold: frozenset[str] = frozenset()


def register(records: Iterable[Record]) -> Register:
    """The records of a body, each request once, each review and each suit once."""
    known = {record.stream: record for record in records}
    fen: dict[int, int] = {}
    cases: list[Case] = []
    for record in known.values():
        state = record.state
        if state.fee is not None and state.paid is not None:
            fen[state.paid.on.year] = fen.get(state.paid.on.year, 0) + state.fee.fen
        cases.extend(_cases(record))
    return Register(
        requests=tuple(_request(record) for record in known.values()),
        cases=tuple(cases),
        fees={year: Decimal(amount) / 100 for year, amount in fen.items()},
        records=known,
        untold=frozenset(
            stream for stream, record in known.items() if not record.state.received.applicant_kind
        ),
    )


def _request(record: Record) -> Request:
    state = record.state
    closed, outcome = state.closed_at, state.outcome
    return Request(
        number=record.stream,
        applicant=state.received.applicant_kind or UNTOLD,
        received_on=state.received.on,
        closed_on=closed.astimezone(SHANGHAI).date() if closed and outcome else None,
        outcome=outcome.code if closed and outcome else "",
    )


def _cases(record: Record) -> list[Case]:
    """A review, and a suit: after the review where there was one, else straight away."""
    state, found = record.state, []
    if state.review is not None:
        found.append(_case(record, "review", state.review.on, state.review_decided))
    if state.sued is not None:
        course = "after_review" if state.review is not None else "direct"
        found.append(_case(record, course, state.sued.on, state.judged))
    return found


def _case(record: Record, course: str, lodged: date, end: ReviewDecided | Judged | None) -> Case:
    return Case(record.stream, course, lodged, end.on if end else None, end.result if end else "")


def entries(compiled: Compiled | None) -> Entries:
    """Table two as people gave it: row → column → number. Money was given in yuan and stands in 万元."""
    if compiled is None:
        return {}
    found: dict[str, dict[str, Number]] = {}
    for name, (row, column) in TABLE_TWO.items():
        given: int = getattr(compiled, name)
        found.setdefault(row, {})[column] = given if name != AMOUNT else _ten_thousands(given)
    return found


def _ten_thousands(yuan: int) -> Number:
    value = Decimal(yuan) / 10_000
    return int(value) if value == value.to_integral_value() else value


def words(compiled: Compiled | None) -> Mapping[int, str]:
    """What people wrote for each section, by its place on the form from 0."""
    if compiled is None:
        return {}
    texts = (
        compiled.overview,
        compiled.disclosed,
        compiled.asked,
        compiled.disputed,
        compiled.problems,
        compiled.others,
    )
    return {place: text for place, text in enumerate(texts) if text.strip()}
