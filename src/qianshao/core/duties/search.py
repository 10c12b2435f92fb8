"""Search in Chinese without keeping the citizen's words.

A text is cut into two-character pieces (and single Chinese characters); each piece becomes a keyed 31-bit
number, so the index finds a word and cannot be read back. SQLite keeps the numbers in an FTS5 table,
PostgreSQL in an integer array under a GIN index.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.db import connection

_RUN = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _key() -> bytes:
    return bytes(settings.SEARCH_KEY)


@lru_cache(maxsize=1_000_000)
def _number(piece: str) -> int:
    return int.from_bytes(hmac.digest(_key(), piece.encode(), "sha256")[:4], "big") >> 1


def _pieces(text: str) -> set[str]:
    pieces: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        pieces.update(run[i : i + 2] for i in range(len(run) - 1))
        pieces.update(letter for letter in run if letter >= "⺀")
        if len(run) == 1:
            pieces.add(run)
    return pieces


def numbers(text: str) -> list[int]:
    """The sorted numbers of a text's pieces."""
    return sorted({_number(piece) for piece in _pieces(text)})


def wanted(query: str) -> list[int]:
    """The numbers a query needs: pairs where there are pairs, single characters only where they stand alone."""
    pieces: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", query).lower()):
        pieces.update([run] if len(run) == 1 else (run[i : i + 2] for i in range(len(run) - 1)))
    return sorted({_number(piece) for piece in pieces})


def put(texts: Sequence[tuple[int, str]]) -> None:
    """Index (duty id, text) pairs that were not indexed before, inside the open transaction."""
    prepared = [(duty, found) for duty, text in texts if (found := numbers(text))]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO duty_search (duty, pieces) VALUES (%s, %s)"
                " ON CONFLICT (duty) DO UPDATE SET pieces = excluded.pieces",
                prepared,
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO duty_search (rowid, pieces) VALUES (%s, %s)",
                [(duty, " ".join(map(str, found))) for duty, found in prepared],
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
        "duties_duty.id IN (SELECT rowid FROM duty_search WHERE pieces MATCH %s)",
        [" ".join(f'"{number}"' for number in found)],
    )
