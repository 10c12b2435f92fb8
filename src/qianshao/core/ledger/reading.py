"""Read the log by ranges, for verification: from this process's connection, or from a worker's own.

Entries and leaves only grow, so a range below the log's size reads the same on any connection at any time; workers need no shared
snapshot. A worker is a fresh interpreter without Django, so it talks to the database driver itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from qianshao.kernel.ledger.verify import Stored

_SELECT = (
    "SELECT l.seq, e.body, l.sha256, l.sm3, e.stream, e.sseq, e.idem"
    " FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.eid = l.eid WHERE l.seq >= {0} AND l.seq < {0} ORDER BY l.seq"
)
_NOTHING: Stored = (b"", None, None, None)


def raw(value: object) -> bytes:
    """A column's bytes. SQLite keeps whatever type somebody writes into it: what is no bytes reads as none that could be right."""
    if type(value) is bytes:
        return value
    return bytes(value) if isinstance(value, bytearray | memoryview) else b"\xff"


def arranged(rows: Iterable[Any], start: int, end: int) -> list[Stored]:
    """Rows of the query at their places; where a leaf or its entry is missing, nothing."""
    found = [_NOTHING] * (end - start)
    for seq, body, sha256, sm3, stream, sseq, idem in rows:
        columns = (stream, sseq, idem if idem is None else raw(idem)) if body is not None else None
        found[seq - start] = (b"" if body is None else raw(body), raw(sha256), raw(sm3), columns)
    return found


def from_connection(start: int, end: int) -> list[Stored]:
    """Entries ``start`` to ``end`` over Django's connection, and so inside its transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SELECT.format("%s"), [start, end])
        return arranged(cursor.fetchall(), start, end)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database is, for a worker: ``vendor`` and the driver's own parameters."""

    vendor: str
    parameters: tuple[tuple[str, str], ...]

    def __call__(self, start: int, end: int) -> list[Stored]:
        """Entries ``start`` to ``end``."""
        return arranged(_reader(self)(start, end), start, end)


def here() -> Place:
    """The database of the settings."""
    from django.db import connection

    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return Place("sqlite", (("name", str(at["NAME"])),))
    named = {
        "dbname": at["NAME"],
        "user": at["USER"],
        "password": at["PASSWORD"],
        "host": at["HOST"],
        "port": at["PORT"],
    }
    given = {**at["OPTIONS"], **{name: value for name, value in named.items() if value}}
    return Place("postgresql", tuple((name, str(value)) for name, value in given.items()))


@cache
def _reader(place: Place) -> Callable[[int, int], Iterable[Any]]:
    parameters = dict(place.parameters)
    if place.vendor == "sqlite":
        db = sqlite3.connect(f"file:{parameters['name']}?mode=ro", uri=True, timeout=20)
        return lambda start, end: db.execute(_SELECT.format("?"), (start, end)).fetchall()
    import psycopg
    from psycopg.conninfo import make_conninfo

    link = psycopg.connect(make_conninfo("", **parameters), autocommit=True)

    def read(start: int, end: int) -> Iterable[Any]:
        with link.cursor(binary=True) as cursor:
            return cursor.execute(_SELECT.format("%s"), (start, end)).fetchall()

    return read
