"""The state of imports: open, take up, advance batch by batch, end.

``advance`` belongs inside the transaction that records the batch, so a batch is in the ledger, in the
counts and behind the run's mark, or it never was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from qianshao.core.accounts.actor import Actor
from qianshao.core.ledger import rows
from qianshao.kernel.words import Blank, Words

from .models import ImportFault, ImportLine, ImportMapping, ImportRun

OUTCOMES = ("new", "updated", "known", "changed")


class RunLost(RuntimeError):
    """Another process went on with the run meanwhile; this one has written nothing since."""

    def __init__(self) -> None:
        super().__init__(_("另一个进程已接手这次导入，此处已停止；没有重复写入。"))


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sheet is read: column key → header, column key → value for the whole sheet, source name."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that was taken in, and what came of it (one of ``OUTCOMES``)."""

    row: int
    stream: str
    outcome: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not taken in; ``columns`` are the letters of its wrong cells, none for the whole row."""

    row: int
    problem: Words
    mend: Words
    columns: tuple[str, ...] = ()


def kept(spec: str, signature: str) -> Reading | None:
    """What was answered for this header before."""
    found = ImportMapping.objects.filter(spec=spec, signature=signature).first()
    return None if found is None else Reading(found.columns, found.constants, found.source)


def keep(*, spec: str, signature: str, reading: Reading, actor: Actor, now: datetime) -> None:
    """Remember the answer for every sheet with this header; the last one counts."""
    ImportMapping.objects.update_or_create(
        spec=spec,
        signature=signature,
        defaults={
            "columns": dict(reading.columns),
            "constants": dict(reading.constants),
            "source": reading.source,
            "set_by": actor.key,
            "set_at": now,
        },
    )


def open_run(
    *,
    spec: str,
    file: str,
    sha256: str,
    signature: str,
    lines: int,
    reading: Reading,
    actor: Actor,
    now: datetime,
    path: str = "",
    sheet: str = "",
) -> ImportRun:
    """The run for this file read this way: the unfinished one that is there, or a new one."""
    asked = {
        "spec": spec,
        "sha256": sha256,
        "sheet": sheet,
        "columns": dict(reading.columns),
        "constants": dict(reading.constants),
        "source": reading.source,
        "actor": actor.key,
        "path": path,
    }
    there = ImportRun.objects.filter(**asked).exclude(state="done").order_by("-id").first()
    if there is not None:
        return there
    return ImportRun.objects.create(**asked, file=file[:200], signature=signature, lines=lines, made_at=now)


def take_up(run: ImportRun, now: datetime) -> None:
    """Make the run ours; whoever worked on it before loses it at its next batch."""
    ImportRun.objects.filter(pk=run.pk).update(claims=F("claims") + 1, state="running", beat_at=now)
    run.refresh_from_db()


def advance(
    run: ImportRun, *, row: int, line: int, taken: Sequence[Line], faults: Sequence[Fault], now: datetime
) -> None:
    """Note a batch inside its transaction; raises ``RunLost`` and undoes the batch when the run is not ours."""
    counts = Counter(item.outcome for item in taken)
    moved = ImportRun.objects.filter(pk=run.pk, claims=run.claims, state="running").update(
        row=row,
        line=line,
        beat_at=now,
        faulty=F("faulty") + len(faults),
        **{outcome: F(outcome) + counts[outcome] for outcome in OUTCOMES if counts[outcome]},
    )
    if not moved:
        raise RunLost
    rows.insert(
        ImportLine,
        ("run_id", "row", "stream", "outcome", "note"),
        [(run.pk, item.row, item.stream, item.outcome, item.note) for item in taken],
    )
    ImportFault.objects.bulk_create(
        ImportFault(
            run=run,
            row=fault.row,
            columns=",".join(fault.columns),
            problem=stored(fault.problem),
            mend=stored(fault.mend),
        )
        for fault in faults
    )


def end(run: ImportRun, state: str, now: datetime) -> None:
    """The run is done, stopped or failed; raises ``RunLost``."""
    mine = ImportRun.objects.filter(pk=run.pk, claims=run.claims)
    if not mine.update(state=state, finished_at=now if state == "done" else None, beat_at=now):
        raise RunLost
    run.refresh_from_db()


def stored(words: Words) -> dict[str, Any]:
    """A sentence as JSON, still to be translated by whoever shows it."""
    return {"text": words.text, "blanks": {name: _plain(value) for name, value in words.blanks}}


def _plain(value: Blank) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def sentence(raw: Mapping[str, Any]) -> Words:
    """``stored`` read back."""
    return Words(raw["text"], tuple((name, _blank(value)) for name, value in sorted(raw["blanks"].items())))


def _blank(value: Any) -> Blank:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    found: Blank = value
    return found


def faults_of(run: ImportRun) -> Iterator[Fault]:
    """The rows that were not taken in, in the sheet's order."""
    found = ImportFault.objects.filter(run=run).order_by("row")
    for row, columns, problem, mend in found.values_list("row", "columns", "problem", "mend").iterator(
        chunk_size=2000
    ):
        letters = tuple(columns.split(",")) if columns else ()
        yield Fault(row, sentence(problem), sentence(mend), letters)
