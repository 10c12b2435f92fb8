"""A payload of every fact version, as the ledger keeps it: written once, never edited.

``python tests/golden_payloads.py`` writes those that are not there yet; the contract tests read them all.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
GOLDEN = ROOT / "golden"


def values_of(fact: Any) -> dict[str, Any]:
    """A value for every field, the same each time: words with odd characters, the last choice, a far day."""
    from qianshao.kernel.declare import fields_of

    return {
        field.name: {
            "text": f"{field.label}“𠮷”"[: field.maximum or None],
            "long": f"{field.label}\n第二行\t<b>&",
            "choice": next((key for key, _title in reversed(field.options) if key), ""),
            "number": min(7, field.maximum),
            "day": date(2026, 2, 28),
            "unit": "office",
            "units": f"{field.label}“𠮷”",
            "duty": f"{field.label}“𠮷”",
            "flag": True,
        }[field.shape]
        for field in fields_of(fact)
    }


def example(fact: Any) -> Any:
    """The fact its golden payload has to read back as, while this is its version."""
    from qianshao.kernel.hours import SHANGHAI

    return fact(at=datetime(2026, 2, 14, 9, 30, tzinfo=SHANGHAI), **values_of(fact))


def path_of(kind: str, fact: str, version: int) -> Path:
    """Where a payload lies."""
    return GOLDEN / kind / f"{fact}-{version}.json"


def written(fact: Any) -> bytes:
    """A fact as canonical bytes: when, what is open, what is sealed."""
    from qianshao.kernel.declare import to_payload
    from qianshao.kernel.ledger.canonical import encode

    data, sealed = to_payload(fact)
    return encode({"at": fact.at.isoformat(timespec="seconds"), "data": data, "sealed": sealed}) + b"\n"


def declared() -> list[tuple[str, Any]]:
    """(kind, fact) of everything this installation can record; facts all kinds share stand once."""
    from qianshao.core.duties import registry
    from qianshao.kernel.declare import SHARED_FACTS

    own = [(kind.key, act.fact) for kind in registry.kinds().values() for act in kind.acts]
    return own + [("shared", fact) for fact in SHARED_FACTS]


def main() -> None:
    """Write what is missing; what is there stays as it is."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings_for_tests")
    import django

    django.setup()
    for kind, fact in declared():
        path = path_of(kind, fact.__name__, fact.version)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(example(fact)))
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
