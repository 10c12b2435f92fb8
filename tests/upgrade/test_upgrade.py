"""Data of the version that landed last, as that version wrote it, is carried on by this one: migrated, refolded, verified."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres import programs
from scratch import Scratch, scratch

PREVIOUS = Path(__file__).with_name("previous.tar.xz")
pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.fault]


def _unpacked(home: Path) -> tuple[dict[str, Any], str]:
    """What is known of the data, and its SQL; the file of SQLite, keys, anchors and evidence are put into the data folder."""
    vendor = "postgresql" if os.environ.get("QIANSHAO_DATABASE") else "sqlite"
    about: dict[str, Any] = {}
    told = ""
    with tarfile.open(PREVIOUS) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            assert content is not None
            if entry.name == "about.json":
                about = json.load(content)
            elif entry.name == f"{vendor}/database.sql":
                told = content.read().decode()
            elif entry.name.startswith(f"{vendor}/"):
                path = home / entry.name.partition("/")[2]
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.write_bytes(content.read())
    return about[vendor], told


@pytest.fixture(scope="module")
def previous() -> Iterator[tuple[Scratch, dict[str, Any]]]:
    """A data folder and database as the previous version left them."""
    with scratch(migrate=False) as place:
        place = Scratch({**place.env, "QIANSHAO_DEBUG": "1"})  # the pages' files are not compressed
        home = Path(place.env["QIANSHAO_HOME"])
        about, told = _unpacked(home)
        url = place.env.get("QIANSHAO_DATABASE", "")
        if url:
            load = [str(programs() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", f"--dbname={url}"]
            done = subprocess.run(load, input=told, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        yield place, about


def command(place: Scratch, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "qianshao.site.commands", *words],
        env=place.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_the_ledger_is_carried_on_with_the_root_it_had(previous: tuple[Scratch, dict[str, Any]]) -> None:
    place, about = previous
    code, told = command(place, "ledger", "verify", "--sealed", "--files", "--json")
    found = json.loads(told)

    assert (code, found["sound"], found["faults"]) == (0, True, [])
    assert (found["size"], found["root"]) == (about["size"], about["root"])
    assert about["size"] > 1_000


def test_preparing_the_start_tells_all_duties_anew_and_then_nothing_differs(
    previous: tuple[Scratch, dict[str, Any]],
) -> None:
    place = previous[0]
    assert command(place, "prepare")[0] == 0
    code, told = command(place, "rebuild", "--check", "--json")

    assert (code, told) == (0, told)
    assert json.loads(told)["streams"] > 200
    again = subprocess.run(
        [sys.executable, "-m", "qianshao.site.commands", "prepare"],
        env=place.env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stderr == ""  # once is enough


def test_work_goes_on_and_the_next_round_of_the_tick_is_well(
    previous: tuple[Scratch, dict[str, Any]],
) -> None:
    place, about = previous
    assert command(place, "tick", "--once")[0] == 0
    code, told = command(place, "ledger", "verify", "--json")

    assert code == 0
    assert json.loads(told)["size"] >= about["size"]
