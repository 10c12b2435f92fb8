"""A full disk: one clear sentence, no half entry, and work goes on when there is space again."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scratch import Scratch, scratch
from working import CITY, LOOK, PREPARE

pytestmark = [pytest.mark.fault, pytest.mark.slow]

FILL = (
    PREPARE
    + """
LIMIT = None
done = []
try:
    for number in range(100_000):
        done.append(receive(f'{os.getpid()}/{number}'))
        if number % 10 == 0:
            checkpoints.make(NOW)
except gate.NoSpace as error:
    print(json.dumps({'said': str(error), 'done': [f'{got.stream}/{got.sseq}' for got in done]}))
"""
)
LIMITED = """
import resource
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE, resource.RLIM_INFINITY))
"""


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Mount a small disk on the folder where that is allowed; whether it was."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = os.getuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def look(place: Scratch) -> dict[str, object]:
    found: dict[str, object] = json.loads(place.run(LOOK))
    return found


def test_on_a_full_disk_acts_are_refused_whole_and_go_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANSHAO_DATABASE", "")
    with small_disk(tmp_path, "30m") as mounted, scratch() as made:
        place = Scratch({**made.env, "QIANSHAO_HOME": str(tmp_path / "home")}) if mounted else made
        place.run("from django.core.management import call_command; call_command('migrate', verbosity=0)")
        place.run(CITY)
        if mounted:
            spare = os.statvfs(tmp_path)
            (tmp_path / "filler").write_bytes(bytes(spare.f_bavail * spare.f_frsize - 600_000))
        database = Path(place.env["QIANSHAO_HOME"]) / "qianshao.sqlite3"
        size = database.stat().st_size + 600_000
        limited = FILL if mounted else FILL.replace("LIMIT = None", LIMITED.replace("SIZE", str(size)))

        told = json.loads(place.run(limited))

        assert "磁盘已满" in told["said"]
        assert told["done"]
        if mounted:
            (tmp_path / "filler").unlink()
        after = look(place)
        assert isinstance(after["entries"], dict)
        assert set(told["done"]) <= after["entries"].keys()
        assert (after["faults"], after["gapless"], after["projection"]) == ([], True, True)
        place.run(PREPARE + "receive('later'); checkpoints.make(NOW)")
        again = look(place)
        assert len(again["entries"]) == len(after["entries"]) + 1  # type: ignore[arg-type]
        assert again["sound"]


def test_a_full_disk_while_an_anchor_is_written_leaves_the_old_anchor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANSHAO_DATABASE", "")
    with small_disk(tmp_path, "64k") as mounted, scratch() as made:
        if not mounted:
            pytest.skip("needs to mount a small disk")
        place = Scratch({**made.env, "QIANSHAO_ANCHORS": str(tmp_path)})
        place.run(CITY + "receive('one'); checkpoints.make(NOW)")
        before = (tmp_path / "latest.txt").read_text()
        (tmp_path / "filler").write_bytes(bytes(32_768))

        told = place.run(
            PREPARE
            + """
receive('two')
try:
    with open(os.path.join(os.environ['QIANSHAO_ANCHORS'], 'more'), 'wb') as more:
        while True:
            more.write(bytes(4096)); more.flush()
except OSError:
    pass
try:
    checkpoints.make(NOW)
except gate.NoSpace as error:
    print(error)
"""
        )

        assert "磁盘已满" in told
        assert (tmp_path / "latest.txt").read_text() == before
        (tmp_path / "more").unlink()
        place.run(PREPARE + "checkpoints.make_if_due(NOW + timedelta(minutes=2))")
        assert (tmp_path / "latest.txt").read_text() != before
        assert look(place)["sound"]
