"""The standalone verifier on a clean Python: sound exports pass, and whatever was changed is found and named."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ledgers import OFFICE, Key, bundle_of, duty_bundle_of, linked, note_of, policy

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_ledger.py"
ENTRIES = linked(23)
WHOLE, PERIOD, DUTY = bundle_of(ENTRIES), bundle_of(ENTRIES, start=9), duty_bundle_of(ENTRIES, "s1")
STRANGER = Key("zayton/office", bytes([9]) * 32)


def verify(
    folder: Path, raw: bytes, *options: str, keys: Key | None = OFFICE, since: str = ""
) -> tuple[int, dict[str, Any]]:
    """Run the tool as an auditor would, cut off from every installed package."""
    (folder / "bundle").write_bytes(raw)
    command = [sys.executable, "-I", "-S", str(TOOL), str(folder / "bundle"), "--json", *options]
    if keys:
        (folder / "keys.json").write_text(json.dumps(policy(keys)))
        command += ["--policy", str(folder / "keys.json")]
    if since:
        (folder / "since.txt").write_text(since, encoding="utf-8")
        command += ["--since", str(folder / "since.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_ledger", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def status(
    tool: ModuleType, raw: bytes, keys: Key = OFFICE, since: str | None = None
) -> tuple[int, list[dict[str, Any]]]:
    """What the command would say, without starting a process."""
    check = tool.Check(since, policy(keys)["keys"])
    try:
        check.run(iter(raw.splitlines(keepends=True)))
    except tool.Tampered as error:
        return 1, [*check.findings, {"entry": None, "reason": str(error)}]
    except (tool.Unreadable, KeyError, ValueError):
        return 2, []
    return (1 if check.findings else 3 if check.older else 0), check.findings


def test_it_is_one_short_file_of_the_standard_library() -> None:
    text = TOOL.read_text(encoding="utf-8")

    assert "qianshao." not in text and "import cryptography" not in text
    code = [line for line in map(str.strip, text.splitlines()) if line and line[:1] not in '#"']
    assert len(code) < 400


@pytest.mark.parametrize("raw", [WHOLE, PERIOD, DUTY], ids=["whole", "period", "duty"])
def test_a_sound_export_is_sound(tmp_path: Path, raw: bytes) -> None:
    code, told = verify(tmp_path, raw)

    assert (code, told["findings"], told["size"]) == (0, [], 23)


@pytest.mark.parametrize("raw", [WHOLE, PERIOD, DUTY], ids=["whole", "period", "duty"])
def test_no_byte_can_be_changed_unnoticed(tool: ModuleType, raw: bytes) -> None:
    chance = random.Random(7)
    places = {place for place in range(len(raw)) if len(raw) < 9000 or chance.random() < 9000 / len(raw)}
    missed = []
    for place in sorted(places):
        changed = bytearray(raw)
        changed[place] ^= chance.choice((1, 2, 0x20, 0x80, 0xFF))
        if status(tool, bytes(changed))[0] == 0:
            missed.append(place)

    assert missed == []


@pytest.mark.parametrize("raw", [WHOLE, PERIOD, DUTY], ids=["whole", "period", "duty"])
def test_no_line_can_be_dropped_doubled_or_moved_unnoticed(tool: ModuleType, raw: bytes) -> None:
    lines = raw.splitlines(keepends=True)
    for number in range(len(lines)):
        assert status(tool, b"".join([*lines[:number], *lines[number + 1 :]]))[0] != 0
        assert status(tool, b"".join([*lines[:number], lines[number], *lines[number:]]))[0] != 0
        if number:
            swapped = [*lines[: number - 1], lines[number], lines[number - 1], *lines[number + 1 :]]
            assert status(tool, b"".join(swapped))[0] != 0


def test_no_cut_passes(tool: ModuleType) -> None:
    assert all(status(tool, DUTY[:length])[0] != 0 for length in range(len(DUTY)))


def test_a_changed_entry_is_named_with_its_stream_and_number(tmp_path: Path) -> None:
    changed = WHOLE.replace(b'"data":{"n":10}', b'"data":{"n":99}')

    code, told = verify(tmp_path, changed)

    assert code == 1
    assert {"entry": 10, "stream": "s1", "number": 4, "reason": "body does not match its leaf hash"} in told[
        "findings"
    ]


def test_history_rewritten_with_every_hash_made_again_is_found_by_the_keys_or_the_head_held(
    tmp_path: Path,
) -> None:
    """The strongest forger: whoever runs the office rewrites an entry and everything after it."""
    forged = linked(23)
    forged[21] = replace(forged[21], data={"n": 999})

    by_a_stranger = verify(tmp_path, bundle_of(forged, key=STRANGER))
    by_the_office = verify(tmp_path, bundle_of(forged))
    against_the_head = verify(tmp_path, bundle_of(forged), since=note_of(ENTRIES))
    against_an_older_head = verify(tmp_path, bundle_of(forged), since=note_of(ENTRIES[:22]))

    assert [by_a_stranger[0], by_the_office[0], against_the_head[0], against_an_older_head[0]] == [1, 0, 1, 1]
    assert "rewritten" in against_the_head[1]["findings"][0]["reason"]


@pytest.mark.parametrize("size", range(1, 24))
def test_every_earlier_head_of_the_same_log_is_accepted(tool: ModuleType, size: int) -> None:
    assert status(tool, WHOLE, since=note_of(ENTRIES[:size]))[0] == 0


def test_an_export_older_than_the_head_held_says_so(tmp_path: Path) -> None:
    code, told = verify(tmp_path, bundle_of(ENTRIES[:20]), since=note_of(ENTRIES))

    assert (code, told["findings"], told["size"]) == (3, [], 20)


def test_a_head_of_another_log_is_refused_and_one_that_is_none_unreadable(tmp_path: Path) -> None:
    other = note_of(ENTRIES).replace("qianshao/zayton", "qianshao/elsewhere")

    assert verify(tmp_path, WHOLE, since=other)[0] == 1
    assert verify(tmp_path, WHOLE, since="a note of nothing\n")[0] == 2


def test_a_file_of_another_kind_is_unreadable(tmp_path: Path) -> None:
    for raw in (b"", b"PK\x03\x04", b"{}\n", b'{"bundle":"qianshao-ledger/9"}\n{}\n'):
        code, told = verify(tmp_path, raw)
        assert (code, told["result"]) == (2, "unreadable")


def test_a_shortened_duty_is_not_complete(tmp_path: Path) -> None:
    shorter = duty_bundle_of([entry for entry in ENTRIES if entry.stream != "s1" or entry.sseq < 5], "s1")
    heads_of_that_day = json.loads(DUTY.splitlines()[-1])["heads"]
    last = json.loads(shorter.splitlines()[-1])
    last["heads"] = heads_of_that_day
    rows = [
        *shorter.splitlines()[:-1],
        json.dumps(last, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(),
    ]

    code, told = verify(tmp_path, b"\n".join(rows) + b"\n")

    assert code == 1
    assert any("not complete" in finding["reason"] for finding in told["findings"])


def test_the_public_keys_are_those_of_rfc_8032(tool: ModuleType) -> None:
    # RFC 8032 7.1, test 3.
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )

    assert tool.ed25519(public, signature, b"\xaf\x82")
    assert not tool.ed25519(public, signature, b"\xaf\x83")
    for place in range(64):
        broken = bytes([*signature[:place], signature[place] ^ 1, *signature[place + 1 :]])
        assert not tool.ed25519(public, broken, b"\xaf\x82")
