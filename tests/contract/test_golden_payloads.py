"""What the ledger holds today must be readable for ever: every fact version has a payload nobody edits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import golden_payloads as golden
import pytest

from qianshao.core.duties import registry
from qianshao.kernel.declare import SHARED_FACTS, Fact, from_payload
from qianshao.kernel.ledger.canonical import decode

DECLARED = golden.declared()
KEPT = sorted(path.relative_to(golden.GOLDEN).as_posix() for path in golden.GOLDEN.rglob("*.json"))
each = pytest.mark.parametrize(("kind", "fact"), DECLARED, ids=lambda item: getattr(item, "__name__", item))


def read(kind: str, fact: str, version: int) -> dict[str, Any]:
    return decode(golden.path_of(kind, fact, version).read_bytes().rstrip(b"\n"))


@each
def test_every_version_of_a_fact_up_to_now_has_its_payload(kind: str, fact: type[Fact]) -> None:
    missing = [
        version
        for version in range(1, fact.version + 1)
        if not golden.path_of(kind, fact.__name__, version).exists()
    ]

    assert not missing, (
        f"run: python tests/golden_payloads.py (no payload of {kind} {fact.__name__} {missing})"
    )


@each
def test_a_payload_reads_back_as_the_fact_it_was_and_is_written_the_same(kind: str, fact: type[Fact]) -> None:
    kept = read(kind, fact.__name__, fact.version)

    back = from_payload(fact, datetime.fromisoformat(kept["at"]), kept["data"], kept["sealed"])

    assert back == golden.example(fact)
    assert golden.written(back) == golden.path_of(kind, fact.__name__, fact.version).read_bytes()


@pytest.mark.parametrize("path", KEPT)
def test_no_payload_is_left_without_a_fact_that_reads_it(path: str) -> None:
    kind, _slash, name = path.partition("/")
    fact_name = name.rpartition("-")[0]
    types = (
        {fact.__name__: fact for fact in SHARED_FACTS}
        if kind == "shared"
        else {act.fact.__name__: act.fact for act in registry.kind(kind).acts}
    )

    kept = decode((golden.GOLDEN / path).read_bytes().rstrip(b"\n"))
    back = from_payload(types[fact_name], datetime.fromisoformat(kept["at"]), kept["data"], kept["sealed"])

    assert back.at == datetime.fromisoformat(kept["at"])
