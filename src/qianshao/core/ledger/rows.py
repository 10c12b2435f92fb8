"""Statements of the ledger and of the projection, past the ORM: many rows at once, or few with little ado.

Around each statement Django's own cursor spends several times what SQLite spends on answering it, and a single
act asks a dozen. Errors are turned as Django turns them. Whoever listens to the statements (a query log, an ``execute_wrapper``)
hears these too: then they go through Django's cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
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
    link = _link()
    by_copy = link.vendor == "postgresql" and len(rows) > _COPY_FROM
    statement = _statement(model, tuple(columns), by_copy)
    if by_copy:
        with connection.cursor() as cursor:
            # What COPY refuses shows when it ends, outside of the call that Django turns errors at.
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            n = cursor.rowcount
    else:
        n = change(statement, rows)
    if n != len(rows):
        raise Swallowed(
            _(
                "数据库只写入了 {n} 行（应为 {m} 行），已全部撤回：表 {table} 上有拦截写入的规则或触发器，请检查数据库权限。"
            ).format(n=n, m=len(rows), table=model._meta.db_table)
        )


def _link() -> BaseDatabaseWrapper:
    """The thread's connection itself; the name ``connection`` looks it up again for each attribute."""
    return connections["default"]


def ask(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement with ``%s`` for its values."""
    link = _link()
    if _heard(link):
        with link.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    with link.wrap_database_errors:
        return list(_driver(link, statement, values).fetchall())


def change(statement: str, rows: Sequence[Sequence[Any]]) -> int:
    """Run a statement that writes for each of the rows of values; how many rows it touched in all."""
    link = _link()
    if _heard(link):
        with link.cursor() as cursor:
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            else:
                cursor.executemany(statement, rows)
            return int(cursor.rowcount)
    with link.wrap_database_errors:
        if len(rows) == 1:
            return int(_driver(link, statement, rows[0]).rowcount)
        cursor = link.connection.cursor()
        cursor.executemany(_marked(statement) if link.vendor == "sqlite" else statement, rows)
        return int(cursor.rowcount)


def _heard(link: BaseDatabaseWrapper) -> bool:
    link.ensure_connection()
    return bool(link.execute_wrappers) or link.queries_logged


def _driver(link: BaseDatabaseWrapper, statement: str, values: Sequence[Any]) -> Any:
    """The driver's cursor after the statement. PostgreSQL keeps it prepared, and so plans it once for a connection."""
    if link.vendor == "sqlite":
        return link.connection.execute(_marked(statement), values)
    from psycopg import Cursor

    return Cursor(link.connection).execute(statement, values, prepare=True)


@lru_cache(maxsize=1000)
def _marked(statement: str) -> str:
    return statement.replace("%s", "?")


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
    if connection.vendor == "postgresql":
        taken = ask("SELECT nextval(%s::regclass) FROM generate_series(1, %s::int)", [sequence, count])
        return [row[0] for row in taken]
    first = ask(f"SELECT coalesce(max({column}), 0) FROM {table}")[0][0] + 1
    return range(first, first + count)


def select(statement: str, keys: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows for any number of keys; ``{keys}`` in the statement stands for ``= one of them``.

    The ORM spends ten times longer on building such a statement than the database on answering it.
    """
    if connection.vendor == "postgresql":
        for piece in chunks(keys):
            yield from ask(statement.format(keys="= ANY(%s)"), [list(piece)])
    else:
        for piece in chunks(keys):
            yield from ask(statement.format(keys=f"IN ({', '.join(['%s'] * len(piece))})"), piece)


def delete(table: str, column: str, keys: Sequence[Any]) -> None:
    """Delete the rows whose column is one of these keys."""
    change(f"DELETE FROM {table} WHERE {column} = %s", [(key,) for key in keys])


def chunks(items: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    """Cut a sequence into pieces small enough for one ``IN (…)``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
