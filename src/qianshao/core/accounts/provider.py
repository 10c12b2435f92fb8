"""The provider of the single sign-on as an installation names it; read by the settings, so free of Django."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Provider:
    """Issuer, client and title; ``claim`` tells people apart. The secret stays in its file."""

    issuer: str
    client: str
    secret_file: Path
    title: str
    claim: str = "sub"

    def secret(self) -> str:
        """The client's secret; raises ``OSError`` when its file cannot be read."""
        return self.secret_file.read_text(encoding="utf-8").strip()
