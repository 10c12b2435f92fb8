"""After an upgrade: how duties stand is told anew from the ledger, once, when what tells it has changed.

Entries never change, but a new version may read more out of them (a mark, a step, a phase with a name of its own). The data folder
remembers by which code its duties were last told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

import qianshao
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import Differences, rebuild

_TELLING = ("kernel", "core/duties", "modules", "rulebook")


def _stamp() -> Path:
    return Path(settings.HOME) / "folded-by"


def _code() -> str:
    """A digest of all code that tells how a duty stands."""
    root = Path(qianshao.__path__[0])
    digest = hashlib.sha256()
    for part in _TELLING:
        for path in sorted((root / part).rglob("*")):
            if path.suffix in (".py", ".toml", ".json"):
                digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def refold_if_changed(
    begin: Callable[[int], None], progress: Callable[[int], None] = lambda done: None
) -> Differences | None:
    """Tell all duties anew when the code that does has changed; what differed, or None when there was nothing to do.

    ``begin`` is called with their number before. Run it before the pages are served: several processes may do it at once, but in vain.
    """
    code, stamp = _code(), _stamp()
    if stamp.exists() and stamp.read_text(encoding="ascii").strip() == code:
        return None
    count = Duty.objects.count()
    found = None
    if count:
        begin(count)
        found = rebuild(write=True, progress=progress)
    stamp.write_text(f"{code}\n", encoding="ascii")
    return found
