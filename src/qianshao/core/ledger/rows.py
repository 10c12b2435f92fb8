"""Insert many rows at once: ``executemany`` on SQLite, COPY on PostgreSQL above a handful of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

_COPY_FROM = 20


class Swallowed(RuntimeError):
    """The database took fewer rows than it was given: a rule or a foreign trigger stands before the table."""


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows whose values are already in the database's own form (see ``instant``).

    Raises ``Swallowed`` when not every row went in: whoever owns the tables could let entries vanish without an error.
    """
    if not rows:
        return
    by_copy = connection.vendor == "postgresql" and len(rows) > _COPY_FROM
    statement = _statement(model, tuple(columns), by_copy)
    with connection.cursor() as cursor:
        if by_copy:
            # What COPY refuses shows when it ends, outside of the call that Django turns errors at.
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(statement, rows)
        if cursor.rowcount != len(rows):
            raise Swallowed(
                _(
                    "数据库只写入了 {n} 行（应为 {m} 行），已全部撤回：表 {table} 上有拦截写入的规则或触发器，请检查数据库权限。"
                ).format(n=cursor.rowcount, m=len(rows), table=model._meta.db_table)
            )


@cache
def _statement(model: type[models.Model], columns: tuple[str, ...], by_copy: bool) -> str:
    quote = connection.ops.quote_name
    into = f"{quote(model._meta.db_table)} ({', '.join(quote(name) for name in columns)})"
    if by_copy:
        return f"COPY {into} FROM STDIN"
    return f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})"


def reserve(sequence: str, table: str, column: str, count: int) -> range | list[int]:
    """Take ``count`` fresh numbers for a table's key inside the open transaction.

    SQLite has one writer, so the highest key plus one is free; PostgreSQL asks the sequence.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT coalesce(max({column}), 0) FROM {table}")
        first = cursor.fetchone()[0] + 1
        return range(first, first + count)


def select(statement: str, keys: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows for any number of keys; ``{keys}`` in the statement stands for ``= one of them``.

    The ORM spends ten times longer on building such a statement than the database on answering it.
    """
    with connection.cursor() as cursor:
        for piece in chunks(keys):
            if connection.vendor == "postgresql":
                cursor.execute(statement.format(keys="= ANY(%s)"), [list(piece)])
            else:
                cursor.execute(statement.format(keys=f"IN ({', '.join(['%s'] * len(piece))})"), piece)
            yield from cursor.fetchall()


def delete(table: str, column: str, keys: Sequence[Any]) -> None:
    """Delete the rows whose column is one of these keys."""
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE {column} = %s", [(key,) for key in keys])


def chunks(items: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    """Cut a sequence into pieces small enough for one ``IN (…)``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
