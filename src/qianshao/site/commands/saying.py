"""How commands speak: one JSON document on standard output, sentences elsewhere, errors that name the mend."""

from __future__ import annotations

import json
import sys
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
    """Bring the database to this version's tables, making it when it is not there yet."""
    from django.core.management import call_command

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def confirm(question: str, yes: bool) -> None:
    """Ask before something that cannot be taken back; ``--yes`` answers, no terminal refuses."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(_("无法询问确认，请加 --yes 再运行。"))
    click.confirm(question, abort=True, err=True)
