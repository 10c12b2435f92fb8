"""Search in Chinese without keeping the citizen's words.

A text is cut into two-character pieces (and single Chinese characters); each piece becomes a keyed 31-bit
number, so the index finds a word and cannot be read back. SQLite keeps the numbers in an FTS5 table,
PostgreSQL in an integer array under a GIN index.
"""

from __future__ import annotations

import hmac
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from operator import add

from django.conf import settings
from django.db import connection

_RUN = re.compile(r"[^\W_]+")
_ASKED = 80  # pieces of a text that nearness is asked about
_NEWEST = 200  # duties looked at for each piece; one that so many have tells little
_REMEMBERED = 1_000_000  # pieces; some 150 MB, a million letters meet fewer


@lru_cache(maxsize=1)
def _key() -> bytes:
    return bytes(settings.SEARCH_KEY)


class _Numbers(dict[str, str]):
    """The keyed number of every piece met so far, written out; looking one up costs no Python call."""

    def __missing__(self, piece: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        number = int.from_bytes(hmac.digest(_key(), piece.encode(), "sha256")[:4], "big") >> 1
        self[piece] = written = str(number)
        return written


_numbers = _Numbers()
_written = _numbers.__getitem__


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _pieces(text: str) -> set[str]:
    pieces: set[str] = set()
    runs = _runs(text)
    for run in runs:
        pieces.update(map(add, run, run[1:]) if len(run) > 1 else (run,))
    pieces.update(filter("⺀".__le__, set().union(*runs)))
    return pieces


def numbers(text: str) -> list[int]:
    """The sorted numbers of a text's pieces."""
    return sorted({int(_numbers[piece]) for piece in _pieces(text)})


def wanted(query: str) -> list[int]:
    """The numbers a query needs: pairs where there are pairs, single characters only where they stand alone."""
    pieces: set[str] = set()
    for run in _runs(query):
        pieces.update(map(add, run, run[1:]) if len(run) > 1 else (run,))
    return sorted({int(_numbers[piece]) for piece in pieces})


def put(texts: Sequence[tuple[int, str]]) -> None:
    """Index (duty id, text) pairs that were not indexed before, inside the open transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO duty_search (duty, pieces) VALUES (%s, %s)"
                " ON CONFLICT (duty) DO UPDATE SET pieces = excluded.pieces",
                [(duty, found) for duty, text in texts if (found := numbers(text))],
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO duty_search (rowid, pieces) VALUES (%s, %s)",
                [
                    (duty, " ".join(map(_written, pieces)))
                    for duty, text in texts
                    if (pieces := _pieces(text))
                ],
            )


def drop(duty: int) -> None:
    """Forget a duty's words."""
    column = "duty" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM duty_search WHERE {column} = %s", [duty])


def clause(query: str) -> tuple[str, list[object]] | None:
    """SQL for "this duty has every piece of the query", to be used on ``duties_duty.id``; None if nothing to seek."""
    found = wanted(query)
    if not found:
        return None
    if connection.vendor == "postgresql":
        return "duties_duty.id IN (SELECT duty FROM duty_search WHERE pieces @> %s)", [found]
    return (
        "duties_duty.id IN (SELECT rowid FROM duty_search WHERE duty_search MATCH %s)",
        [" ".join(f'"{number}"' for number in found)],
    )


def nearest(text: str, kind: str, top: int = 8) -> list[tuple[int, float]]:
    """The duties of a kind that share the most telling pieces with a text, nearest first: (duty id, 0 to 1).

    A piece weighs by how few of the newest duties have it (inverse document frequency, Spärck Jones 1972); the
    score is the part of the text's weight a duty shares. One query, some milliseconds whatever the text.
    """
    found = wanted(text)[:_ASKED]
    if not found:
        return []
    one = (
        "SELECT s.duty AS id FROM duty_search s JOIN duties_duty d ON d.id = s.duty"
        " WHERE s.pieces @> ARRAY[%s] AND d.kind = %s ORDER BY s.duty DESC LIMIT %s"
        if connection.vendor == "postgresql"
        else "SELECT s.rowid AS id FROM duty_search s JOIN duties_duty d ON d.id = s.rowid"
        " WHERE duty_search MATCH %s AND d.kind = %s ORDER BY s.rowid DESC LIMIT %s"
    )
    whole = " UNION ALL ".join(
        f"SELECT {place} AS piece, id FROM ({one}) p{place}" for place in range(len(found))
    )
    given = [
        value
        for number in found
        for value in (number if connection.vendor == "postgresql" else f'"{number}"', kind, _NEWEST)
    ]
    having: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(whole, given)
        for piece, duty in cursor.fetchall():
            having.setdefault(piece, []).append(duty)
    weights = [math.log((_NEWEST + 1) / max(1, len(having.get(piece, ())))) for piece in range(len(found))]
    scores: dict[int, float] = {}
    for piece, duties in having.items():
        for duty in duties:
            scores[duty] = scores.get(duty, 0.0) + weights[piece]
    total = sum(weights) or 1.0
    ranked = sorted(scores.items(), key=lambda item: (-item[1], -item[0]))[:top]
    return [(duty, score / total) for duty, score in ranked]
