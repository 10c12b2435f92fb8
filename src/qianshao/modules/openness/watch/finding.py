"""What the watch found: which rule, where, on what evidence, and how far a machine may say so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from qianshao.kernel.words import Words

from .items import BY_RULE

Automatic = Literal["found", "suspected"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen: address, moment (ISO 8601, UTC), answer, digest of the bytes, and the file that keeps them."""

    url: str
    at: str
    status: int | None
    sha256: str
    place: int = 0
    packed: int = 0
    capture: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect. ``automatic`` is the machine's word: found when the capture proves it, suspected when a person must look.

    ``subject`` says what on the site it is about, so that the next watch knows it again. ``also`` are more places.
    """

    rule: str
    url: str
    subject: str
    sentence: Words
    automatic: Automatic
    evidence: Evidence
    also: tuple[str, ...] = ()
    places: int = 1

    @property
    def key(self) -> str:
        """The same defect on the same site has the same key in every watch."""
        return hashlib.sha256(f"{self.rule}\n{self.subject}".encode()).hexdigest()[:32]

    def document(self, human: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The finding as JSON; ``human`` is what a person said of it, with who and why."""
        item = BY_RULE[self.rule]
        return {
            "id": self.key,
            "rule": self.rule,
            "title": item.title,
            "source": item.source,
            "status_of_rule": item.status,
            "url": self.url,
            "subject": self.subject,
            "sentence": str(self.sentence),
            "places": self.places,
            "also": list(self.also),
            "automatic": self.automatic,
            "human": dict(human) if human else None,
            "evidence": {
                "url": self.evidence.url,
                "capture": self.evidence.capture or None,
                "sha256": self.evidence.sha256 or None,
                "at": self.evidence.at,
                "status": self.evidence.status,
            },
        }
