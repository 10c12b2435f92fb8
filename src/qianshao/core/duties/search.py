"""Search in Chinese without keeping the citizen's words.

A text is cut into two-character pieces (and single Chinese characters); each piece becomes a keyed 31-bit
number, so the index finds a word and cannot be read back. SQLite keeps the numbers in an FTS5 table,
PostgreSQL in an integer array under a GIN index. Of a title the pinyin initials are kept too, in pieces of two and
three letters, so that ``ldbl`` finds 路灯不亮.
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

from qianshao.core.initials import LONGEST, initials, typed

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


def _sounds(letters: str, *sizes: int) -> set[str]:
    """Pieces of initials; the mark before them keeps them apart from a text's own Latin letters."""
    return {f"\x01{letters[at : at + size]}" for size in sizes for at in range(len(letters) - size + 1)}


def _written_pieces(text: str, title: str) -> set[str]:
    return _pieces(text) | _sounds(initials(title)[:LONGEST], 2, 3)


def numbers(text: str, title: str = "") -> list[int]:
    """The sorted numbers of a text's pieces and of its title's initials."""
    return sorted({int(_numbers[piece]) for piece in _written_pieces(text, title)})


def wanted(query: str) -> list[int]:
    """The numbers a query needs: pairs where there are pairs, single characters only where they stand alone."""
    pieces: set[str] = set()
    for run in _runs(query):
        pieces.update(map(add, run, run[1:]) if len(run) > 1 else (run,))
    return sorted({int(_numbers[piece]) for piece in pieces})


def sounded(query: str) -> list[int]:
    """The numbers a query needs when it is read as initials; empty when it cannot be any."""
    letters = typed(query)[:LONGEST]
    return (
        sorted({int(_numbers[piece]) for piece in _sounds(letters, min(3, len(letters)))}) if letters else []
    )


def put(texts: Sequence[tuple[int, str, str]]) -> None:
    """Index each (duty id, text, title) in place of what was there, inside the open transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO duty_search (duty, pieces) VALUES (%s, %s)"
                " ON CONFLICT (duty) DO UPDATE SET pieces = excluded.pieces",
                [(duty, found) for duty, text, title in texts if (found := numbers(text, title))],
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO duty_search (rowid, pieces) VALUES (%s, %s)",
                [
                    (duty, " ".join(map(_written, pieces)))
                    for duty, text, title in texts
                    if (pieces := _written_pieces(text, title))
                ],
            )


def drop(duty: int) -> None:
    """Forget a duty's words."""
    column = "duty" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM duty_search WHERE {column} = %s", [duty])


def clause(query: str) -> tuple[str, list[object]] | None:
    """SQL for "this duty has every piece of the query, or its title sounds so", to be used on ``duties_duty.id``.

    None if there is nothing to seek.
    """
    ways = [found for found in (wanted(query), sounded(query)) if found]
    if not ways:
        return None
    if connection.vendor == "postgresql":
        has = " OR ".join(["pieces @> %s"] * len(ways))
        return f"duties_duty.id IN (SELECT duty FROM duty_search WHERE {has})", list(ways)
    asked = " OR ".join("(" + " AND ".join(f'"{number}"' for number in found) + ")" for found in ways)
    return "duties_duty.id IN (SELECT rowid FROM duty_search WHERE duty_search MATCH %s)", [asked]


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
