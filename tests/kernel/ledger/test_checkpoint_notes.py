"""A checkpoint says a log's size and root over a signature, and is read strictly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledgers import Key

from qianshao.kernel.ledger.note import BadNote, Checkpoint, parse, read, sign

OFFICE, ARCHIVE = Key("zayton/office", bytes(32)), Key("zayton/archive", bytes([1]) * 32)
STATED = Checkpoint("qianshao/zayton", 250, bytes(range(32)))
NOTE = sign(STATED, [OFFICE])
KNOWN = {OFFICE.key_id: OFFICE}


def test_the_note_is_the_three_lines_of_c2sp_and_a_signature() -> None:
    lines = NOTE.split("\n")

    assert lines[:4] == ["qianshao/zayton", "250", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert lines[4].startswith("— zayton/office ")
    assert lines[5:] == [""]


def test_a_known_key_is_enough_and_strangers_do_not_matter() -> None:
    both = sign(STATED, [ARCHIVE, OFFICE])

    assert read(NOTE, KNOWN) == read(both, KNOWN) == STATED


def test_nobody_known_or_a_wrong_signature_is_refused() -> None:
    forged = NOTE.replace("\n250\n", "\n251\n")
    impostor = sign(STATED, [replace(OFFICE, name="zayton/other")])

    with pytest.raises(BadNote, match="no known key"):
        read(sign(STATED, [ARCHIVE]), KNOWN)
    with pytest.raises(BadNote, match="does not hold"):
        read(forged, KNOWN)
    with pytest.raises(BadNote, match="no known key"):
        read(impostor, KNOWN)


def test_no_byte_of_a_note_can_be_changed_to_any_other() -> None:
    raw = NOTE.encode()
    for place in range(len(raw)):
        for value in (raw[place] ^ 1, raw[place] ^ 0x80, 0x0A, 0x20, 0x30):
            changed = raw[:place] + bytes([value]) + raw[place + 1 :]
            if changed == raw:
                continue
            with pytest.raises((BadNote, UnicodeDecodeError)):
                read(changed.decode(), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        NOTE[:-1],
        NOTE.replace("\n250\n", "\n0250\n"),
        NOTE.replace("\n250\n", "\n-1\n"),
        NOTE.replace("—", "-"),
        NOTE + "\n",
    ],
    ids=lambda text: repr(text[-12:]),
)
def test_text_in_another_form_is_no_checkpoint(text: str) -> None:
    with pytest.raises(BadNote):
        parse(text)
