"""Write the search index anew from the ledger: after an upgrade that indexes more, or when the index is not trusted."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from . import search
from .models import Duty
from .projection import title_of, words_of
from .stream import load

_BATCH = 500


def reindex() -> Iterator[int]:
    """Index every duty again, some hundred at a time, each batch in its own transaction; yields how many are done.

    An erased text is not brought back: what search may know of a duty is read from what can still be unsealed.
    """
    done, last = 0, 0
    while True:
        duties = list(
            Duty.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "stream", "title")[:_BATCH]
        )
        if not duties:
            return
        streams = {stream.key: stream for stream in load([key for _pk, key, _title in duties], lock=False)}
        with transaction.atomic():
            for pk, key, title in duties:
                search.drop(pk)
                if key in streams:
                    stream = streams[key]
                    search.put([(pk, words_of(stream, title), title_of(stream, title))])
        done, last = done + len(duties), duties[-1][0]
        yield done
