"""How the installation stands: what health, readiness and measures are answered from."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from qianshao.core.duties.models import Outbox
from qianshao.core.hooks.models import Call
from qianshao.core.jobs.models import Job, Lease
from qianshao.core.ledger import anchoring, gate
from qianshao.core.ledger.keys import path as office_key
from qianshao.core.ledger.models import Checkpoint, Entry, Head, Pending, Sealed
from qianshao.core.notices.models import Delivery
from qianshao.kernel.ledger.entry import Entry as Body

TICK = "tick"
_TICK_LATE = timedelta(seconds=90)
_ANCHOR_LATE = timedelta(hours=26)
_BACKUP_LATE = timedelta(hours=26)
_LEAST_SPACE = 512 * 2**20


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer; ``stops`` when pages cannot be served without it."""

    name: str
    well: bool
    stops: bool


def checks(now: datetime) -> list[Check]:
    """Everything readiness asks; a failing database ends the questions."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return [Check("database", False, True)]
    asked: tuple[tuple[str, Callable[[], bool], bool], ...] = (
        ("migrations", _migrated, True),
        ("keys", _keys, True),
        ("space", lambda: free_space() > _LEAST_SPACE, True),
        ("writable", lambda: not gate.flag().exists() and not gate.clock_flag().exists(), False),
        ("tick", lambda: (age := tick_age(now)) is not None and age < _TICK_LATE, False),
        ("anchor", lambda: (age := anchor_age(now)) is None or age < _ANCHOR_LATE, False),
        ("backup", lambda: backup_well(now), False),
    )
    found = [Check("database", True, True)]
    for name, well, stops in asked:
        try:
            found.append(Check(name, well(), stops))
        except (DatabaseError, OSError):
            found.append(Check(name, False, stops))
    return found


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _keys() -> bool:
    """The keys that what is stored cannot be read or continued without; none of them is made anew."""
    wanted = []
    if Checkpoint.objects.exists():
        wanted.append(office_key())
    if Sealed.objects.exists():
        wanted.append(Path(settings.HOME) / "secrets" / "subject-keys.sqlite3")
    return all(path.is_file() for path in wanted)


def free_space() -> int:
    """Bytes free where the data folder lies."""
    return shutil.disk_usage(settings.HOME).free


def tick_age(now: datetime) -> timedelta | None:
    """How long ago a tick was seen; None when none ever was."""
    seen = Lease.objects.filter(name=TICK).values_list("seen_at", flat=True).first()
    return None if seen is None else max(timedelta(), now - seen)


def anchor_age(now: datetime) -> timedelta | None:
    """The age of the newest checkpoint that lies in every anchor folder; None while there is nothing to anchor."""
    last = Checkpoint.objects.order_by("-id").first()
    if last is None:
        return None
    stamps = [(folder / anchoring.LATEST).stat().st_mtime for folder in anchoring.folders()]
    return max(timedelta(), now - datetime.fromtimestamp(min(stamps), now.tzinfo))


def backup_age(now: datetime) -> timedelta | None:
    """How long ago the schedule last made a backup that passed its examination; None when never."""
    last = (
        Job.objects.filter(kind="system.backup", state="done")
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)
        .first()
    )
    return None if last is None else now - last


def backup_well(now: datetime) -> bool:
    """Whether the schedule keeps its promise; without one there is nothing to break."""
    if not settings.BACKUP_FOLDER:
        return True
    age = backup_age(now)
    if age is not None:
        return age < _BACKUP_LATE
    return not Job.objects.filter(kind="system.backup", state="failed").exists()


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number about the installation, as Prometheus names it."""

    name: str
    about: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def gauges(now: datetime) -> Iterator[Gauge]:
    """What only the database knows, each a small query."""
    yield Gauge("qianshao_ledger_entries", "Numbered entries", float(_ledger_size()))
    yield Gauge("qianshao_ledger_unnumbered", "Entries without a number yet", float(Pending.objects.count()))
    yield Gauge(
        "qianshao_ledger_seal_lag_seconds", "Age of the oldest entry without a number", _seal_lag(now)
    )
    for state in ("waiting", "running", "failed"):
        n = Job.objects.filter(state=state).count()
        yield Gauge("qianshao_jobs", "Jobs by state", float(n), (("state", state),))
    yield Gauge(
        "qianshao_job_oldest_seconds",
        "Age of the oldest waiting job",
        _age(
            Job.objects.filter(state="waiting").order_by("id").values_list("made_at", flat=True).first(), now
        ),
    )
    yield Gauge(
        "qianshao_reactions_waiting", "Reactions owed", float(Outbox.objects.filter(done_at=None).count())
    )
    for state in ("waiting", "sending", "failed", "uncertain"):
        n = Delivery.objects.filter(state=state).count()
        yield Gauge("qianshao_deliveries", "Notices on their way outside", float(n), (("state", state),))
    for state in ("waiting", "sending", "failed"):
        n = Call.objects.filter(state=state).count()
        yield Gauge("qianshao_webhook_calls", "Webhook calls", float(n), (("state", state),))
    yield Gauge("qianshao_free_bytes", "Free space of the data folder", float(free_space()))
    yield Gauge("qianshao_read_only", "1 while no entries are taken", float(gate.flag().exists()))
    for name, about, age in (
        ("tick", "Since a tick was seen", tick_age(now)),
        ("anchor", "Since the newest anchor", anchor_age(now)),
        ("backup", "Since the last examined backup", backup_age(now)),
    ):
        if age is not None:
            yield Gauge(f"qianshao_{name}_age_seconds", about, age.total_seconds())


def _ledger_size() -> int:
    return Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def _seal_lag(now: datetime) -> float:
    oldest = Pending.objects.order_by("eid").values_list("eid", flat=True).first()
    row = None if oldest is None else Entry.objects.filter(eid=oldest).first()
    return 0.0 if row is None else _age(datetime.fromisoformat(Body.from_body(bytes(row.body)).rec), now)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
