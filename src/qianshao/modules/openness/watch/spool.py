"""The crawl on disk: what waits, what was fetched, what was read. A crawl killed at any moment goes on from here."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from qianshao.modules.openness.pages import Page

from .fetching import Got

_TABLES = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, depth INTEGER NOT NULL, parent INTEGER, anchor TEXT,
  done INTEGER NOT NULL DEFAULT 0, status INTEGER, reason TEXT, final TEXT, at TEXT, seconds REAL, sha256 TEXT,
  content_type TEXT, place INTEGER, packed INTEGER,
  kind TEXT, title TEXT, number TEXT, formed_on TEXT, published_on TEXT, days_sure INTEGER, column_name TEXT,
  site_name TEXT, newest TEXT, items INTEGER, scripted INTEGER, labels TEXT);
CREATE INDEX IF NOT EXISTS page_waiting ON page (done, id);
CREATE INDEX IF NOT EXISTS page_kind ON page (kind);
CREATE TABLE IF NOT EXISTS bond (page INTEGER NOT NULL, role TEXT NOT NULL, href TEXT NOT NULL,
  PRIMARY KEY (page, role, href)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS word (text TEXT PRIMARY KEY) WITHOUT ROWID;
"""
OFFICIAL = (
    "sitename",
    "sitedomain",
    "siteidcode",
    "columnname",
    "columndescription",
    "columnkeywords",
    "columntype",
    "articletitle",
    "pubdate",
    "contentsource",
)
_MOST_WORDS = 20_000


class Spool:
    """One crawl of one site in a folder: ``crawl.sqlite3`` and, beside it, the fetched bytes in ``captures``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self.db = sqlite3.connect(folder / "crawl.sqlite3", isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;" + _TABLES
        )
        self._captures: BinaryIO = (folder / "captures").open("ab")
        self.words = self.db.execute("SELECT count(*) FROM word").fetchone()[0]
        self.db.execute("BEGIN")

    def close(self) -> None:
        """Keep what was done and let go of the files."""
        self.commit(again=False)
        self._captures.close()
        self.db.close()

    def commit(self, *, again: bool = True) -> None:
        """Make everything so far survive a kill: bytes first, then the rows that point to them."""
        self._captures.flush()
        self.db.execute("COMMIT")
        if again:
            self.db.execute("BEGIN")

    def about(self, key: str) -> str:
        """A remembered fact about the crawl, or an empty string."""
        row = self.db.execute("SELECT value FROM about WHERE key=?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def remember(self, key: str, value: str) -> None:
        """Remember a fact about the crawl."""
        self.db.execute("INSERT OR REPLACE INTO about VALUES (?,?)", (key, value))

    def add(self, urls: Iterable[str], depth: int, parent: int | None) -> None:
        """Let addresses wait that were never seen before."""
        self.db.executemany(
            "INSERT OR IGNORE INTO page (url, depth, parent) VALUES (?,?,?)",
            [(url, depth, parent) for url in urls],
        )

    def again(self) -> None:
        """Let pages wait once more that could not be reached; a site that was down may be up."""
        self.db.execute("UPDATE page SET done=0, reason=NULL WHERE done=1 AND status IS NULL")

    def waiting(self, after: int, n: int) -> list[tuple[int, str, int]]:
        """The next ``n`` pages to fetch with a number above ``after``: number, address, depth."""
        rows = self.db.execute(
            "SELECT id, url, depth FROM page WHERE done=0 AND id>? ORDER BY id LIMIT ?", (after, n)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def counts(self) -> tuple[int, int]:
        """Pages done and pages waiting."""
        done = self.db.execute("SELECT count(*) FROM page WHERE done=1").fetchone()[0]
        return done, self.db.execute("SELECT count(*) FROM page WHERE done=0").fetchone()[0]

    def failed(self, number: int, reason: str, at: str) -> None:
        """A page that could not be fetched."""
        self.db.execute("UPDATE page SET done=1, reason=?, at=? WHERE id=?", (reason, at, number))

    def fetched(self, number: int, got: Got, page: Page | None, reason: str = "") -> None:
        """A page that was fetched and, when it is one, read."""
        place, packed = self._capture(got.body)
        self.db.execute(
            "UPDATE page SET done=1, status=?, reason=?, final=?, at=?, seconds=?, sha256=?, content_type=?, place=?, packed=?"
            " WHERE id=?",
            (got.status, reason, got.url, got.at.isoformat(), got.seconds, got.sha256, got.content_type, place, packed, number),
        )  # fmt: skip
        if page is None:
            return
        found = page.found
        sure = all(
            name in found and found[name].confidence != "low" for name in ("formed_on", "published_on")
        )
        newest = max((day for _, day in page.listed), default="")
        labels = {name: page.labels[name] for name in OFFICIAL if page.labels.get(name)}
        self.db.execute(
            "UPDATE page SET kind=?, title=?, number=?, formed_on=?, published_on=?, days_sure=?, column_name=?, site_name=?,"
            " newest=?, items=?, scripted=?, labels=? WHERE id=?",
            (
                *(page.get(name) for name in ("kind", "title", "document_number", "formed_on", "published_on")),
                sure, page.get("column"), page.get("site_name"), newest, len(page.listed), page.scripted,
                json.dumps(labels, ensure_ascii=False), number,
            ),
        )  # fmt: skip
        bonds = [
            (number, link.role, link.href.partition("#")[0])
            for link in page.links
            if link.role != "attachment"
        ]
        if bonds:
            self.db.executemany("INSERT OR IGNORE INTO bond VALUES (?,?,?)", bonds)
        if self.words < _MOST_WORDS:
            self.words += self.db.executemany(
                "INSERT OR IGNORE INTO word VALUES (?)", [(word,) for word in page.menu]
            ).rowcount

    def _capture(self, body: bytes) -> tuple[int, int]:
        if not body:
            return 0, 0
        packed = zlib.compress(body, 1)
        place = self._captures.tell()
        self._captures.write(packed)
        return place, len(packed)

    def body(self, place: int, packed: int) -> bytes:
        """The bytes of a capture, as they came."""
        self._captures.flush()
        with (self.folder / "captures").open("rb") as file:
            file.seek(place)
            return zlib.decompress(file.read(packed)) if packed else b""

    def rows(self, question: str, values: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        """Answers to a question about the pages."""
        yield from self.db.execute(question, tuple(values))
