"""Whether the ledger takes entries: not while a loss is undeclared (see ``loss``)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _


class ReadOnly(RuntimeError):
    """The ledger takes no entries until the loss is declared."""


def flag() -> Path:
    """The file whose presence closes the ledger; it holds what is kept and what was seen outside."""
    return Path(settings.HOME) / "read-only"


def stop(kept: int, seen: int) -> None:
    """Refuse entries from now on: the log holds ``kept``, a checkpoint outside says ``seen``."""
    flag().write_text(f"{kept} {seen}\n", encoding="ascii")


def refuse_if_stopped() -> None:
    """Raise ``ReadOnly`` with a sentence when the loss has not been declared."""
    if flag().exists():
        raise ReadOnly(
            _(
                "账本恢复自较旧的备份，在声明缺失之前不接受新记录。请由审计管理员运行 qianshao ledger declare-loss。"
            )
        )
