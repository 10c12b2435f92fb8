"""How commands speak: one JSON document on standard output, sentences elsewhere, errors that name the mend."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

import click
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _


class CommandError(Exception):
    """Something the person at the keyboard can mend; ``code`` is the exit status."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def foreseen() -> tuple[type[Exception], ...]:
    """Errors whose own words are the answer."""
    return (ValueError, LookupError, PermissionError, OSError, RuntimeError, DatabaseError)


def document(value: Any) -> None:
    """Print the one JSON document of a ``--json`` run."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say(sentence: str = "") -> None:
    """Tell the person something on standard error, so that standard output stays clean for pipes."""
    click.echo(sentence, err=True)


def ready() -> None:
    """Bring the database to this version's tables, making it when it is not there yet; close a ledger older than its anchors."""
    from django.core.management import call_command

    from qianshao.core.ledger import loss
    from qianshao.core.ledger.keys import KeyMissing
    from qianshao.kernel.ledger.note import BadNote

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    with suppress(BadNote, KeyMissing):  # named by ``verify``; no reason to refuse every command
        loss.notice()


def able_to_write() -> None:
    """What the service needs before it takes entries: its keys, and a ledger that is not older than its anchors.

    Raises ``KeyMissing`` or ``VaultLocked``; an older ledger only becomes read-only, so that it can be read and declared.
    """
    from qianshao.core.ledger import gate, loss, vault
    from qianshao.core.ledger.keys import office_key
    from qianshao.core.ledger.models import Checkpoint

    if Checkpoint.objects.exists():
        office_key(signed_before=True)
    vault.check_at_start()
    loss.notice()
    if gate.flag().exists():
        say(
            _(
                "注意：账本比库外的检查点旧，现为只读。请运行 qianshao ledger verify 查看，再由审计管理员声明缺失。"
            )
        )


def confirm(question: str, yes: bool) -> None:
    """Ask before something that cannot be taken back; ``--yes`` answers, no terminal refuses."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(_("无法询问确认，请加 --yes 再运行。"))
    click.confirm(question, abort=True, err=True)
