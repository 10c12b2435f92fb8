"""SHA-256 and SM3."""

from __future__ import annotations
import hashlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Algorithm:
    name: str
    function: Callable[[bytes], bytes]


SHA256 = Algorithm("sha256", lambda raw: hashlib.sha256(raw).digest())
SM3 = Algorithm("sm3", lambda raw: hashlib.new("sm3", raw).digest())
