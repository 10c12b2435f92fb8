"""Show duties whose moment has come to the modules that watch their kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.module_loading import import_string

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty


def look(duties: Sequence[Duty], now: datetime) -> Iterator[tuple[Duty, datetime]]:
    """The duties somebody wants to see again, and when; every watch has run when the last is out."""
    for watch in registry.watches():
        seen = {duty.stream: duty for duty in duties if duty.open and duty.kind in watch.kinds}
        if seen:
            for stream, moment in import_string(watch.run)(tuple(seen.values()), now).items():
                if moment > now:
                    yield seen[stream], moment
