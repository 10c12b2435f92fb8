"""The ledger from the command line, as operators, auditors and restorers use it, in processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scratch import Scratch, scratch
from working import CITY, PREPARE

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [pytest.mark.fault, pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Scratch]:
    """A ledger of four entries with anchors outside the data folder."""
    with scratch() as made:
        ready = Scratch({**made.env, "QIANSHAO_ANCHORS": str(tmp_path / "anchors")})
        ready.run(CITY + "receive('one'); dispatch(Duty.objects.get()); receive('two')")
        yield ready


def command(place: Scratch, *words: object) -> tuple[int, Any, str]:
    """Exit status, the JSON document (or text), and what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "qianshao.site.commands", *map(str, words)],
        env=place.env,
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout) if "--json" in words else done.stdout
    return done.returncode, told, done.stderr


def standalone(bundle: Path, *words: object) -> int:
    tool = [sys.executable, "-I", "-S", str(ROOT / "tools" / "verify_ledger.py"), str(bundle), "--json"]
    return subprocess.run([*tool, *map(str, words)], capture_output=True, check=False).returncode


def test_verify_and_the_standalone_verifier_agree(place: Scratch, tmp_path: Path) -> None:
    held, policy, bundle, duty = (tmp_path / name for name in ("held.txt", "policy.json", "all", "duty"))
    held.write_text(command(place, "ledger", "checkpoint")[1], encoding="utf-8")
    policy.write_text(command(place, "ledger", "keys")[1], encoding="utf-8")
    place.run(PREPARE + "receive('three')")
    stream = place.run(PREPARE + "print(Duty.objects.order_by('id').first().stream)")

    code, told, _said = command(place, "ledger", "verify", "--since", held, "--sealed", "--files", "--json")
    assert (code, told["sound"], told["size"], told["faults"], told["remarks"]) == (0, True, 4, [], [])
    assert command(place, "ledger", "export", "--out", bundle, "--json")[1]["entries"] == 4
    since = ("--since", held, "--policy", policy)
    assert command(place, "ledger", "export", "--out", duty, "--duty", stream, "--since", held)[0] == 0
    assert [standalone(bundle, *since), standalone(duty, *since)] == [0, 0]
    assert standalone(tmp_path / "no such file") == 2

    policy.write_bytes(bundle.read_bytes().replace("请核实".encode(), "请查实".encode()))
    assert standalone(policy) == 1
    code, told, said = command(place, "ledger", "verify", "--since", bundle, "--json")
    assert (code, list(told)) == (2, ["error"])
    assert str(bundle) in said


def test_backup_and_restore_bring_back_entries_keys_and_files(place: Scratch, tmp_path: Path) -> None:
    home = Path(place.env["QIANSHAO_HOME"])
    command(place, "ledger", "checkpoint")
    code, made, said = command(place, "backup", tmp_path / "data", "--keys", tmp_path / "keys", "--json")
    assert (code, made["size"]) == (0, 3), said
    place.run(PREPARE + "Duty.objects.all().delete()")
    shutil.rmtree(home / "secrets")

    refused, told, said = command(place, "restore", made["backup"], "--yes", "--json")
    assert refused == 1
    assert "签名密钥" in said
    code, told, said = command(place, "restore", made["backup"], "--keys", made["keys"], "--yes", "--json")
    assert (code, told["sound"], told["size"], told["root"]) == (0, True, 3, made["root"]), said
    assert place.run(PREPARE + "print(rebuild(write=False).none)") == "True"
    place.run(PREPARE + "receive('later')")


def test_an_older_backup_is_noticed_read_only_until_declared(place: Scratch, tmp_path: Path) -> None:
    _code, made, _said = command(place, "backup", tmp_path / "data", "--keys", tmp_path / "keys", "--json")
    place.run(PREPARE + "receive('lost'); checkpoints.make(NOW)")

    code, told, _said = command(place, "restore", made["backup"], "--yes", "--json")
    assert (code, told["older_than"], told["size"]) == (3, 4, 3)
    assert "账本恢复自较旧的备份" in place.run(
        PREPARE + "\ntry: receive('x')\nexcept gate.ReadOnly as error: print(error)"
    )
    assert command(place, "ledger", "verify", "--json")[0] == 3
    assert command(place, "ledger", "declare-loss", "--reason", "磁盘损坏", "--yes")[0] == 0
    place.run(PREPARE + "receive('x'); checkpoints.make(NOW)")
    code, told, _said = command(place, "ledger", "verify", "--json")
    assert (code, told["sound"], len(told["remarks"])) == (0, True, 1)


def test_a_backup_put_back_by_hand_is_noticed_too(place: Scratch, tmp_path: Path) -> None:
    """Nobody is made to use our command: copying the database file over is caught by the next command or start."""
    if place.env.get("QIANSHAO_DATABASE"):
        pytest.skip("copying a file is how SQLite is restored by hand")
    home = Path(place.env["QIANSHAO_HOME"])
    _code, made, _said = command(place, "backup", tmp_path / "data", "--json")
    place.run(PREPARE + "receive('lost'); checkpoints.make(NOW)")
    for ending in ("-wal", "-shm"):
        (home / f"qianshao.sqlite3{ending}").unlink(missing_ok=True)
    shutil.copy(Path(made["backup"]) / "database.sqlite3", home / "qianshao.sqlite3")

    code, _told, said = command(place, "tick", "--once")

    assert code != 0 or "只读" in said
    assert (home / "read-only").read_text() == "3 4\n"


def test_a_damaged_backup_is_refused_before_anything_is_touched(place: Scratch, tmp_path: Path) -> None:
    _code, made, _said = command(place, "backup", tmp_path / "data", "--json")
    (name,) = [path for path in Path(made["backup"]).iterdir() if path.name.startswith("database")]
    raw = bytearray(name.read_bytes())
    raw[len(raw) // 2] ^= 1
    name.write_bytes(bytes(raw))

    code, _told, said = command(place, "restore", made["backup"], "--yes")

    assert code == 1
    assert "缺失或已被改动" in said


def test_without_its_keys_the_service_does_not_start(place: Scratch) -> None:
    secrets = Path(place.env["QIANSHAO_HOME"]) / "secrets"
    command(place, "ledger", "checkpoint")
    aside = secrets.with_name("aside")
    for name in ("checkpoint-ed25519", "subject-keys.sqlite3"):
        (secrets / name).rename(aside)

        code, _told, said = command(place, "tick", "--once")

        assert code == 1
        assert name in said and "备份" in said
        assert not (secrets / name).exists()
        aside.rename(secrets / name)
