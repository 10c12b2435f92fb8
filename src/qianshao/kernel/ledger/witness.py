"""The witness: somebody outside who keeps the last checkpoint and accepts only what continues it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .hashes import SHA256
from .merkle import verify_consistency
from .note import Checkpoint

Fault = Literal["origin", "shorter", "forked"]


class Unwitnessed(ValueError):
    """A checkpoint the witness refuses; ``fault`` says of which kind."""

    def __init__(self, fault: Fault, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Witness:
    """What the witness holds: the last checkpoint it accepted, None before the first."""

    held: Checkpoint | None = None

    def accept(self, offered: Checkpoint, proof: Sequence[bytes]) -> Witness:
        """The witness with ``offered``; raises ``Unwitnessed`` and keeps what it held."""
        held = self.held
        if held is None:
            return Witness(offered)
        if offered.origin != held.origin:
            raise Unwitnessed("origin", f"this is the log {offered.origin}, not {held.origin}")
        if offered.size < held.size:
            raise Unwitnessed(
                "shorter",
                f"size {offered.size}, but the checkpoint held says {held.size}: an older state came back",
            )
        if not verify_consistency(SHA256, held.size, offered.size, proof, held.root, offered.root):
            raise Unwitnessed(
                "forked", f"the log of {offered.size} entries does not continue that of {held.size}"
            )
        return Witness(offered)
