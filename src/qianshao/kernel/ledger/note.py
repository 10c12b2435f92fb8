"""Checkpoints: a signed statement of a log's size and root, as a C2SP signed note (c2sp.org/tlog-checkpoint).

Three lines, ``origin``, ``size``, base64 root, an empty line, and signature lines ``— name base64(key id ‖ signature)``. The same
log states its SM3 root in a sibling note whose origin ends in ``/sm3``. Signing is done by whoever holds a key.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

ED25519 = 0x01  # the signature type of C2SP notes
SM2 = 0xFF  # outside the registry: followed by a name of its own in the key id
_DASH = "— "


class BadNote(ValueError):
    """Text that is no checkpoint, or whose signature does not hold; says what is wrong."""


class Signer(Protocol):
    """Somebody who signs: ``name`` stands in the note, ``key_id`` are its four bytes."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def sign(self, message: bytes) -> bytes: ...


class Verifier(Protocol):
    """Somebody who checks signatures of one key."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def verify(self, signature: bytes, message: bytes) -> bool: ...


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key), as C2SP notes name a key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's size and root under its origin."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign(checkpoint: Checkpoint, signers: Iterable[Signer]) -> str:
    """The note with each signer's line."""
    lines = [
        f"{_DASH}{signer.name} {base64.b64encode(signer.key_id + signer.sign(checkpoint.text.encode())).decode()}\n"
        for signer in signers
    ]
    return f"{checkpoint.text}\n{''.join(lines)}"


def parse(note: str) -> tuple[Checkpoint, list[tuple[str, bytes, bytes]]]:
    """The checkpoint and its signatures (name, key id, signature), none of them checked; raises ``BadNote``."""
    text, gap, rest = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3 or not lines[0] or not rest.endswith("\n"):
        raise BadNote("a checkpoint is three lines, an empty one, and signatures")
    if not lines[1].isascii() or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise BadNote(f"the size {lines[1]!r} is not a number")
    root = _decode(lines[2], "root")
    if len(root) != 32:
        raise BadNote("the root is not 32 bytes")
    signatures = []
    for line in rest[:-1].split("\n"):
        name, space, coded = line.removeprefix(_DASH).rpartition(" ")
        raw = _decode(coded, "signature")
        if not line.startswith(_DASH) or not space or len(raw) < 5:
            raise BadNote(f"{line!r} is not a signature line")
        signatures.append((name, raw[:4], raw[4:]))
    return Checkpoint(lines[0], int(lines[1]), root), signatures


def _decode(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one; so is what text outside ASCII raises
        raise BadNote(f"the {what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise BadNote(f"the {what} is not written as base64 is")
    return raw


def read(note: str, verifiers: Mapping[bytes, Verifier]) -> Checkpoint:
    """The checkpoint of a note that at least one known key signed, and no known key signed wrongly; else ``BadNote``."""
    checkpoint, signatures = parse(note)
    message = checkpoint.text.encode()
    known = [(name, verifiers[key], raw) for name, key, raw in signatures if key in verifiers]
    if not known:
        raise BadNote("no known key signed this checkpoint")
    for name, verifier, raw in known:
        if name != verifier.name or not verifier.verify(raw, message):
            raise BadNote(f"the signature of {name} does not hold")
    return checkpoint
