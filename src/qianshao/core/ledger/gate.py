"""Whether the ledger takes entries: not while a loss is undeclared (see ``loss``), nor while this machine's clock runs ahead."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.utils.translation import gettext as _

_AHEAD = timedelta(minutes=5)
_declaring: ContextVar[bool] = ContextVar("declaring", default=False)


class Unavailable(RuntimeError):
    """The ledger cannot take entries now; nothing was written, and the sentence says what to mend."""


class ReadOnly(Unavailable):
    """The ledger takes no entries until the loss is declared, or until the clock is right."""


class NoSpace(Unavailable):
    """The disk is full."""


@lru_cache(maxsize=32)
def in_home(home: Path, *names: str) -> Path:
    """A place in the data folder, kept: every act looks at three of them, and a look costs less than the path."""
    return Path(home, *names)


def flag() -> Path:
    """The file whose presence closes the ledger; it holds what is kept and what was seen outside."""
    return in_home(settings.HOME, "read-only")


def clock_flag() -> Path:
    """The file whose presence says that this machine's clock runs ahead of the database's."""
    return in_home(settings.HOME, "clock-ahead")


def stop(kept: int, seen: int) -> None:
    """Refuse entries from now on: the log holds ``kept``, a checkpoint outside says ``seen``."""
    flag().write_text(f"{kept} {seen}\n", encoding="ascii")


@contextmanager
def open_for_declaration() -> Iterator[None]:
    """Let this one caller write its declaration while everybody else stays refused."""
    token = _declaring.set(True)
    try:
        yield
    finally:
        _declaring.reset(token)


def refuse_if_stopped() -> None:
    """Raise ``ReadOnly`` with a sentence when the loss has not been declared or the clock runs ahead."""
    if flag().exists() and not _declaring.get():
        raise ReadOnly(
            _(
                "账本恢复自较旧的备份，在声明缺失之前不接受新记录。请由审计管理员运行 qianshao ledger declare-loss。"
            )
        )
    if clock_flag().exists():
        raise ReadOnly(
            _(
                "本机时钟比数据库时钟快 5 分钟以上，暂不接受新记录。请校准本机时间，后台任务会在一秒内自动恢复写入。"
            )
        )


def watch_clock(now: datetime) -> bool:
    """Compare this machine's clock with the database's and close or open the ledger; whether it runs ahead.

    A record stamped in the future would push every later one of its stream there too (``rec`` never decreases). SQLite
    has no clock of its own, so there is nothing to compare with.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        ahead: bool = now - cursor.fetchone()[0] > _AHEAD
    if ahead:
        clock_flag().touch()
    else:
        clock_flag().unlink(missing_ok=True)
    return ahead


@contextmanager
def told_when_full() -> Iterator[None]:
    """Turn the ways in which a full disk shows itself into ``NoSpace`` with one sentence."""
    try:
        yield
    except (OSError, DatabaseError, sqlite3.Error) as error:
        if not _full(error):
            raise
        raise NoSpace(
            _("磁盘已满，这次没有写入任何内容。请清出空间（见数据文件夹所在的磁盘）后重试。")
        ) from error


def _full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in ("53100", "58030"):
        return True
    return "disk is full" in str(error) or "disk I/O error" in str(error)
