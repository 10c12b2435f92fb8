"""The machine a benchmark ran on, and how a product of its own is started for it."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def describe() -> str:
    """Processors, memory, system, versions, and what one flush to disk takes."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} × {_processor()}, {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres()}, "
        f"flush to disk {flush_ms():.1f} ms (median), load {os.getloadavg()[0]:.1f} before"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")


def _postgres() -> str:
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import NoPostgres, programs

    try:
        told = subprocess.run(
            [programs() / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except NoPostgres:
        return "no PostgreSQL"
    return told.stdout.strip().replace("postgres (PostgreSQL)", "PostgreSQL")


def flush_ms(times: int = 50) -> float:
    """The median of an 8 KB append with fsync, in milliseconds: the floor under anything durable."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _flush in range(times):
            began = time.perf_counter()
            file.write(bytes(8192))
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def product(home: Path, database: str = "") -> None:
    """Start Django in this process on a data folder of its own; once for a process."""
    os.environ.update(
        QIANSHAO_HOME=str(home), QIANSHAO_DATABASE=database, DJANGO_SETTINGS_MODULE="qianshao.site.settings"
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


_SLOW = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static int slow(const char *name, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, name);
    struct timespec wait = {0, MS * 1000000L};
    int done = real(fd);
    nanosleep(&wait, 0);
    return done;
}
int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
"""


@contextmanager
def slower_disk(ms: int) -> Iterator[bool]:
    """Every flush of the processes started inside takes ``ms`` longer, under the C library; False without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        yield False
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server of PostgreSQL runs as another user
        source, library = Path(folder, "slow.c"), Path(folder, "slow.so")
        source.write_text(_SLOW, encoding="ascii")
        subprocess.run(
            [compiler, "-shared", "-fPIC", f"-DMS={ms}", "-o", library, source, "-ldl"], check=True
        )
        os.environ["LD_PRELOAD"] = str(library)
        try:
            yield True
        finally:
            del os.environ["LD_PRELOAD"]


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of its own that flushes to disk as in production; gives its URL."""
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres import running

    with running() as url:
        yield url


def percentile(values: Sequence[float], part: float) -> float:
    """The value at ``part`` (0.95) of the sorted values, the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def table(rows: Sequence[Sequence[object]]) -> str:
    """Rows as columns wide enough for their longest cell."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    )
