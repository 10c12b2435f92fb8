"""The sample city and its data folder: made in an empty one, taken up again, and removed with it.

A ledger that forgets a part of itself would be no ledger: entries are never deleted, and the city's entries
stand in the same log as everything recorded after them. So the sample city has a data folder to itself, and
removing it means removing the folder's contents. Where anything real was recorded beside it, it stays.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from qianshao.core.duties import calendars, rulebook
from qianshao.core.ledger import anchoring, vault
from qianshao.core.ledger.keys import KeyMissing
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import stream_name
from qianshao.core.org import city as served
from qianshao.core.org import units
from qianshao.core.org.models import Unit
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.ledger.note import BadNote
from qianshao.kit.citymap import keeping

from . import cast, checking, founding, plan, tiles
from .city import REFORM_AT, city_of
from .days import present_from
from .replay import ACTOR, SRC, Count, replay
from .scales import scale_of
from .story import Script, Told, story

# Whoever opens a stream in a folder of the sample city without being somebody's real work: the story, the
# tick's recurring duties, what follows from other entries by itself, and registers.
_NOT_REAL = {SRC, "tick", "reaction", "appraisal", "register"}
# Everything the product writes into its data folder, whoever made it: all of it speaks of the sample city.
_OWN = (
    "secrets",
    "static",
    "files",
    "uploads",
    "anchors",
    "watch",
    "metrics",
    "read-only",
    "clock-ahead",
    "open311-keys.json",
    "hotline-classes.model",
    "city-map.geojson",
    "remove-sample",
    "demo-accounts.txt",
    "sample-city.new",
    "sample-city.json",
)


class NotTheSampleCity(ValueError):
    """The data folder holds something else, so the sample city is neither made nor removed here."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which city a folder holds; ``told_until`` is None while it is being made."""

    seed: int
    scale: str
    present: date
    told_until: datetime | None


def _marker() -> Path:
    return Path(settings.HOME) / "sample-city.json"


def here() -> Sample | None:
    """The sample city of this data folder, or None."""
    try:
        text = _marker().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found = json.loads(text)
    until = found["told_until"]
    return Sample(
        found["seed"],
        found["scale"],
        date.fromisoformat(found["present"]),
        datetime.fromisoformat(until) if until else None,
    )


def _note(sample: Sample) -> None:
    """Written to a second file and moved over the first, so that a crash leaves one or the other."""
    aside = _marker().with_suffix(".new")
    aside.write_text(json.dumps(asdict(sample), default=str), encoding="utf-8")
    aside.replace(_marker())


def is_empty() -> bool:
    """Whether nothing was ever recorded in this data folder."""
    return not Entry.objects.exists() and not Unit.objects.exists()


def make(*, seed: int, scale: str, until: datetime, progress: Callable[[int], None]) -> Count:
    """Make the city, or tell its story on from where it stopped; safe to run again after a crash.

    Raises ``NotTheSampleCity`` when the folder holds anything else, and ``BadScale``.
    """
    size = scale_of(scale)
    sample = here()
    if sample is None and not is_empty():
        raise NotTheSampleCity(
            _(
                "数据文件夹 {home} 里已有数据，示例城市只能建在空的文件夹里。请用 QIANSHAO_HOME 另指一处。"
            ).format(home=settings.HOME)
        )
    if sample is not None and (sample.seed, sample.scale) != (seed, scale):
        raise NotTheSampleCity(
            _("这里已有种子 {seed}、规模 {scale} 的示例城市。请先运行 qianshao sample remove。").format(
                seed=sample.seed, scale=sample.scale
            )
        )
    sample = sample or Sample(seed, scale, present_from(until.date()), None)
    after = sample.told_until
    if after is not None and until <= after:
        return Count(0, 0)
    _note(sample)
    city = city_of(size, seed)
    if not Unit.objects.exists():
        founding.found(city, seed)
    script = Script(size, seed, sample.present, until)
    told = story(script, city, calendars.current(), rulebook.book())
    counted = _in_chapters(told, until, after, progress, lambda: founding.reform(city))
    if not cast.file().exists():
        cast.appoint(seed, until)
    if not keeping.file().exists():
        tiles.put(sample.present)
    checking.check(seed, sample.present, until)
    _note(replace(sample, told_until=until))
    return counted


def _in_chapters(
    told: Iterator[Told],
    until: datetime,
    after: datetime | None,
    progress: Callable[[int], None],
    reform: Callable[[], None],
) -> Count:
    """Tell what came before the reform, do the reform, tell the rest."""
    turned: list[Told] = []

    def before() -> Iterator[Told]:
        for one in told:
            if one.rec >= REFORM_AT:
                turned.append(one)
                return
            yield one

    first = replay(before(), after=after, progress=progress)
    if until < REFORM_AT:
        return first
    if not Unit.objects.filter(code=plan.MERGED[0].code).exclude(valid_to=None).exists():
        reform()
    rest = replay(chain(turned, told), after=after, progress=lambda done: progress(first.recorded + done))
    return Count(first.recorded + rest.recorded, first.gave_way + rest.gave_way)


def foreign() -> int:
    """How many streams of this folder are somebody's real work, and units or people somebody entered."""
    found = 0
    for raw in Entry.objects.filter(sseq=1).values_list("body", flat=True).iterator(chunk_size=2000):
        found += Body.from_body(bytes(raw)).src not in _NOT_REAL
    for raw in Entry.objects.filter(stream=stream_name("org")).values_list("body", flat=True).iterator(2000):
        found += Body.from_body(bytes(raw)).actor != ACTOR.key
    return found


def refusal() -> str:
    """Why the city cannot be removed here, in one sentence; empty when it can."""
    home = Path(settings.HOME)
    if here() is None:
        return _("数据文件夹 {home} 里没有示例城市。").format(home=home)
    if connection.vendor != "sqlite":
        return _(
            "示例城市在 PostgreSQL 数据库 {name} 里，记录不能删除；请由数据库管理员删除整个数据库。"
        ).format(name=connection.settings_dict["NAME"])
    if real := foreign():
        return _("这里除示例城市外还有 {n} 件真实登记的事项，不能清除。请先备份，再另建数据文件夹。").format(
            n=real
        )
    return ""


def remove() -> list[str]:
    """Remove the city with everything the product keeps in this folder; names what else lay there and stays.

    Raises ``NotTheSampleCity`` when there is none, when real work stands beside it, or when the database
    is not a file of this folder.
    """
    home = Path(settings.HOME)
    if why := refusal():
        raise NotTheSampleCity(why)
    database = Path(connection.settings_dict["NAME"])
    ours = _anchors()
    vault.close()
    connection.close()
    units.forget()
    served.forget()
    for path in ours:
        path.unlink(missing_ok=True)
    for name in [*_OWN, *(database.name + ending for ending in ("", "-wal", "-shm", "-journal"))]:
        _remove(home / name)
    return sorted(path.name for path in home.iterdir())


def _anchors() -> list[Path]:
    """Checkpoints of this city in folders outside: those this office's key signed, and no others."""
    found: list[Path] = []
    for folder in anchoring.folders():
        for path in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
            if path.name.endswith((".sm3.txt", ".heads.txt")):
                with_it = path.with_name(path.name.replace(".sm3.txt", ".txt").replace(".heads.txt", ".txt"))
                if with_it in found or _is_ours(with_it):
                    found.append(path)
            elif _is_ours(path):
                found.append(path)
    return found


def _is_ours(path: Path) -> bool:
    try:
        anchoring.read_note(path.read_text(encoding="utf-8"))
    except (BadNote, KeyMissing, UnicodeDecodeError, OSError):
        return False
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
