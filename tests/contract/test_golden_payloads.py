"""What was once written can be read for ever: every version of every fact has a payload that is never edited.

A fact that changes takes a new version and a new line in its kind's file; the old line stays.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from qianshao.core.duties import registry
from qianshao.kernel.declare import Kind, from_payload, to_payload

GOLDEN = Path(__file__).parent / "golden"
KINDS = list(registry.kinds().values())


def payloads(kind: Kind) -> dict[str, Any]:
    """The golden payloads of a kind by ``Fact@version``."""
    told: dict[str, Any] = json.loads((GOLDEN / f"{kind.key}.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_fact_has_a_golden_payload_of_its_version(kind: Kind) -> None:
    declared = {f"{name}@{fact.version}" for name, fact in kind.fact_types().items()}

    assert declared <= set(payloads(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_golden_payload_is_read_and_written_unchanged(kind: Kind) -> None:
    types = kind.fact_types()

    for name, payload in payloads(kind).items():
        fact, _at, version = name.partition("@")
        if int(version) == types[fact].version:
            at = datetime.fromisoformat(payload["at"])
            read = from_payload(types[fact], at, payload["data"], payload["sealed"])
            assert to_payload(read) == (payload["data"], payload["sealed"]), name
